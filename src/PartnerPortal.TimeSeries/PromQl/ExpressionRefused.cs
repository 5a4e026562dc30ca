namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>An expression that cannot be read or computed, with the place where that became clear.</summary>
public sealed class ExpressionRefused : Exception
{
    /// <summary>Makes a refusal; <paramref name="position"/> counts characters from 0.</summary>
    public ExpressionRefused(string reason, int position)
        : base($"Character {position + 1}: {reason}")
    {
        Reason = reason;
        Position = position;
    }

    /// <summary>The sentence, without the position.</summary>
    public string Reason { get; }

    /// <summary>The character where reading stopped, from 0.</summary>
    public int Position { get; }
}
