namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>
/// Parts of a date in UTC from seconds since 1970, for every number that Go's time package takes (time/time.go, absDate):
/// it counts from a year so far back that all are positive, and what overflows wraps.
/// </summary>
internal static class CalendarTime
{
    private const ulong ToAbsolute = 9_223_372_028_715_321_600;
    private const long AbsoluteYear = -292_277_022_399;
    private const ulong Day = 86_400, PerYear = 365, Per4Years = 365 * 4 + 1, Per100Years = 365 * 100 + 24, Per400Years = 365 * 400 + 97;

    private static readonly int[] _before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    public static double Minute(double seconds) => Absolute(seconds) % 3600 / 60;

    public static double Hour(double seconds) => Absolute(seconds) % Day / 3600;

    /// <summary>0 is Sunday.</summary>
    public static double DayOfWeek(double seconds) => (Absolute(seconds) + Day) % (7 * Day) / Day;

    public static double DayOfYear(double seconds) => Date(seconds).DayOfYear + 1;

    public static double Year(double seconds) => Date(seconds).Year;

    public static double Month(double seconds) => MonthAndDay(seconds).Month;

    public static double DayOfMonth(double seconds) => MonthAndDay(seconds).Day;

    public static double DaysInMonth(double seconds)
    {
        var month = MonthAndDay(seconds).Month;
        return _before[month] - _before[month - 1] + (month == 2 && IsLeap(Date(seconds).Year) ? 1 : 0);
    }

    private static ulong Absolute(double seconds) => unchecked((ulong)GoMath.ToInt64(seconds) + ToAbsolute);

    private static (long Year, int DayOfYear) Date(double seconds)
    {
        var days = Absolute(seconds) / Day;
        var years = 400 * (days / Per400Years);
        days %= Per400Years;
        // The last day of a century or of four years belongs to it: n >> 2 takes back the one too many.
        var n = days / Per100Years;
        n -= n >> 2;
        (years, days) = (years + 100 * n, days - Per100Years * n);
        n = days / Per4Years;
        (years, days) = (years + 4 * n, days - Per4Years * n);
        n = days / PerYear;
        n -= n >> 2;
        return (unchecked((long)(years + n)) + AbsoluteYear, (int)(days - PerYear * n));
    }

    private static (int Month, int Day) MonthAndDay(double seconds)
    {
        var (year, day) = Date(seconds);
        if (IsLeap(year) && day >= 59)
        {
            if (day == 59)
                return (2, 29);
            day--;
        }
        var month = 1;
        while (_before[month] <= day)
            month++;
        return (month, day - _before[month - 1] + 1);
    }

    private static bool IsLeap(long year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}
