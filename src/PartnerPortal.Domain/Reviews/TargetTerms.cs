namespace PartnerPortal.Domain.Reviews;

/// <summary>What a target is about, without its figures: the same on both sides, so that these can be compared.</summary>
/// <param name="Subject">What is measured, in words: "calls per second at peak". Items and targets with the same subject are about the same thing.</param>
/// <param name="Comparator">How a value must stand to the agreed figure.</param>
/// <param name="Unit">Of the figure, for example ms, calls/s, %.</param>
/// <param name="BoundSide">Who has to keep it: ours for the load that we send, the partner's for how they answer.</param>
/// <param name="Percentile">Of a distribution, above 0 and below 100; null for a plain value.</param>
/// <param name="Window">Over which time, for example 5m or 30d; null when it holds at every moment.</param>
public sealed record TargetTerms(string Subject, Comparator Comparator, string Unit, Side BoundSide, double? Percentile = null, string? Window = null)
{
    /// <summary>Two subjects are the same when they differ in case and spaces only.</summary>
    public static string Normal(string subject) => string.Join(' ', subject.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    /// <summary>Whether a value keeps a figure.</summary>
    public bool Keeps(decimal value, decimal figure) => Comparator switch
    {
        Comparator.AtMost => value <= figure,
        Comparator.AtLeast => value >= figure,
        Comparator.Below => value < figure,
        Comparator.Above => value > figure,
        _ => value == figure,
    };

    /// <summary>Whether both sides' figures go together: what the bound side plans or promises keeps what the other side allows or needs.</summary>
    public bool Fit(decimal ours, decimal theirs) => BoundSide == Side.Ours ? Keeps(ours, theirs) : Keeps(theirs, ours);
}

/// <summary>How a value must stand to a figure.</summary>
public enum Comparator
{
    /// <summary>Not more: latency, load.</summary>
    AtMost,

    /// <summary>Not less: availability, capacity.</summary>
    AtLeast,

    /// <summary>Less.</summary>
    Below,

    /// <summary>More.</summary>
    Above,

    /// <summary>The same.</summary>
    Equal,
}

/// <summary>Spells comparators as people write them: ≤ ≥ &lt; &gt; =.</summary>
public static class ComparatorSigns
{
    /// <summary>The sign.</summary>
    public static string Sign(this Comparator comparator) => comparator switch
    {
        Comparator.AtMost => "≤",
        Comparator.AtLeast => "≥",
        Comparator.Below => "<",
        Comparator.Above => ">",
        _ => "=",
    };

    /// <summary>Reads a sign (also &lt;= and &gt;=) or the word.</summary>
    public static bool TryParse(string? text, out Comparator comparator)
    {
        Comparator? found = text?.Trim() switch
        {
            "≤" or "<=" => Comparator.AtMost,
            "≥" or ">=" => Comparator.AtLeast,
            "<" => Comparator.Below,
            ">" => Comparator.Above,
            "=" or "==" => Comparator.Equal,
            _ => null,
        };
        comparator = found ?? default;
        return found is not null || Words.TryParse(text, out comparator);
    }
}
