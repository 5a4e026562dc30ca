namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Functions that look at one number at a time.</summary>
internal static class PlainFunctions
{
    public static readonly IReadOnlyDictionary<string, Func<double, double>> All = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["abs"] = Math.Abs,
        ["ceil"] = Math.Ceiling,
        ["floor"] = Math.Floor,
        ["exp"] = Math.Exp,
        ["sqrt"] = Math.Sqrt,
        ["ln"] = Math.Log,
        ["log2"] = Math.Log2,
        ["log10"] = Math.Log10,
        ["sin"] = Math.Sin,
        ["cos"] = Math.Cos,
        ["tan"] = Math.Tan,
        ["asin"] = Math.Asin,
        ["acos"] = Math.Acos,
        ["atan"] = Math.Atan,
        ["sinh"] = Math.Sinh,
        ["cosh"] = Math.Cosh,
        ["tanh"] = Math.Tanh,
        ["asinh"] = Math.Asinh,
        ["acosh"] = Math.Acosh,
        ["atanh"] = Math.Atanh,
        ["deg"] = v => v * 180 / Math.PI,
        ["rad"] = v => v * Math.PI / 180,
        ["sgn"] = v => v < 0 ? -1 : v > 0 ? 1 : v,
        ["day_of_month"] = CalendarTime.DayOfMonth,
        ["day_of_week"] = CalendarTime.DayOfWeek,
        ["day_of_year"] = CalendarTime.DayOfYear,
        ["days_in_month"] = CalendarTime.DaysInMonth,
        ["hour"] = CalendarTime.Hour,
        ["minute"] = CalendarTime.Minute,
        ["month"] = CalendarTime.Month,
        ["year"] = CalendarTime.Year,
    };
}
