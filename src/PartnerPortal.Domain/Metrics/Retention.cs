using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>How long samples are kept, by how exactly: every sample, rollups of five minutes, rollups of an hour.</summary>
/// <param name="Raw">Every sample; at least two days.</param>
/// <param name="FiveMinutes">Rollups of five minutes; at least as long as <paramref name="Raw"/>.</param>
/// <param name="Hours">Rollups of an hour; at least as long as <paramref name="FiveMinutes"/>.</param>
public sealed record Retention(TimeSpan Raw, TimeSpan FiveMinutes, TimeSpan Hours)
{
    /// <summary>The setting for every sample.</summary>
    public const string RawSetting = "Portal__Metrics__Retention__Raw";

    /// <summary>The setting for rollups of five minutes.</summary>
    public const string FiveMinutesSetting = "Portal__Metrics__Retention__FiveMinutes";

    /// <summary>The setting for rollups of an hour.</summary>
    public const string HoursSetting = "Portal__Metrics__Retention__Hours";

    private static readonly TimeSpan Shortest = TimeSpan.FromDays(2);

    /// <summary>What holds when nobody set anything: 35 days, 400 days, 5 years.</summary>
    public static Retention Default { get; } = new(TimeSpan.FromDays(35), TimeSpan.FromDays(400), TimeSpan.FromDays(5 * 365));

    /// <summary>Reads the settings; what is empty has its default.</summary>
    /// <param name="raw">What <see cref="RawSetting"/> holds.</param>
    /// <param name="fiveMinutes">What <see cref="FiveMinutesSetting"/> holds.</param>
    /// <param name="hours">What <see cref="HoursSetting"/> holds.</param>
    /// <exception cref="FormatException">A setting cannot be read or is too short; the sentence names it.</exception>
    public static Retention Read(string? raw, string? fiveMinutes, string? hours)
    {
        var exact = Duration(RawSetting, raw, Default.Raw);
        var fine = Duration(FiveMinutesSetting, fiveMinutes, Max(Default.FiveMinutes, exact));
        var coarse = Duration(HoursSetting, hours, Max(Default.Hours, fine));
        if (exact < Shortest)
        {
            throw new FormatException($"{RawSetting} must be at least {PromDuration.Show(Shortest)}: a day is rolled up after it has ended.");
        }

        if (fine < exact || coarse < fine)
        {
            throw new FormatException($"{(fine < exact ? FiveMinutesSetting : HoursSetting)} must not be shorter than {(fine < exact ? RawSetting : FiveMinutesSetting)}: coarser figures are kept longer.");
        }

        return new(exact, fine, coarse);
    }

    private static TimeSpan Duration(string name, string? text, TimeSpan otherwise) =>
        string.IsNullOrWhiteSpace(text) ? otherwise
        : PromDuration.TryRead(text.Trim(), out var duration) ? duration
        : throw new FormatException($"{name} is not a duration: {text.Trim()}. Write it like 35d or 5y.");

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
