namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>A page of metrics that cannot be taken, with a reason that its owner can act on.</summary>
public sealed class ExpositionRefused : Exception
{
    /// <summary>Makes a refusal; <paramref name="line"/> counts from 1, or is absent when the page as a whole is refused.</summary>
    public ExpositionRefused(string reason, int? line = null)
        : base(line is null ? reason : $"Line {line}: {reason}")
    {
        Reason = reason;
        Line = line;
    }

    /// <summary>The sentence, without the line.</summary>
    public string Reason { get; }

    /// <summary>The line where reading stopped, from 1.</summary>
    public int? Line { get; }
}
