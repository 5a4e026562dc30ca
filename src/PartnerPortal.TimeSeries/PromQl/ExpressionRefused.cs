namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Why an expression gave no answer.</summary>
public enum RefusalKind
{
    /// <summary>It cannot be read.</summary>
    Unreadable,

    /// <summary>It cannot be computed on these series.</summary>
    Failed,

    /// <summary>It would read or hold more than it may.</summary>
    TooMuch,

    /// <summary>It took longer than it may.</summary>
    TooLong,

    /// <summary>Samples that it needs are kept by an engine that does not answer.</summary>
    Away,
}

/// <summary>An expression that cannot be read or computed, with the place where that became clear.</summary>
public sealed class ExpressionRefused : Exception
{
    /// <summary>Makes a refusal; <paramref name="position"/> counts characters from 0.</summary>
    public ExpressionRefused(string reason, int position, RefusalKind kind = RefusalKind.Unreadable)
        : base($"Character {position + 1}: {reason}")
    {
        Reason = reason;
        Position = position;
        Kind = kind;
    }

    /// <summary>The sentence, without the position.</summary>
    public string Reason { get; }

    /// <summary>The character where reading stopped or the part that failed begins, from 0.</summary>
    public int Position { get; }

    /// <summary>Why there is no answer.</summary>
    public RefusalKind Kind { get; }
}
