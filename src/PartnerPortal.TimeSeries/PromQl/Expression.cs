namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The kinds of value that an expression can have.</summary>
public enum ExpressionType
{
    /// <summary>One number per instant.</summary>
    Scalar,

    /// <summary>Series with one value per instant.</summary>
    InstantVector,

    /// <summary>Series with the samples of a stretch of time per instant.</summary>
    RangeVector,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>
/// A PromQL expression: everything that Prometheus 2.42 reads, except native histograms. Types were checked when it was read.
/// <see cref="object.ToString"/> gives a text that reads as the same expression.
/// </summary>
public abstract record Expression
{
    /// <summary>How long a value counts as current (Prometheus's default look-back).</summary>
    public static readonly TimeSpan Lookback = TimeSpan.FromMinutes(5);

    /// <summary>The step of a subquery that names none (Prometheus's default evaluation interval).</summary>
    public static readonly TimeSpan DefaultResolution = TimeSpan.FromMinutes(1);

    /// <summary>Where it begins in the text it was read from, in characters from 0.</summary>
    public int Position { get; init; }

    /// <summary>What kind of value it has.</summary>
    public abstract ExpressionType Type { get; }

    /// <summary>The expressions it is made of, in the order of the text.</summary>
    public virtual IReadOnlyList<Expression> Parts => [];

    /// <summary>Reads an expression.</summary>
    /// <exception cref="ExpressionRefused">It cannot be read, or its types do not fit.</exception>
    public static Expression Parse(string text) => new ExpressionParser(text).Read();

    /// <summary>Every selector in it, in the order of the text.</summary>
    public IEnumerable<SelectorExpression> Selectors() =>
        this is SelectorExpression own ? [own] : Parts.SelectMany(p => p.Selectors());

    /// <summary>The expression without the brackets around it.</summary>
    public Expression Bare => this is BracketExpression bracket ? bracket.Inner.Bare : this;

    /// <inheritdoc />
    public sealed override string ToString() => ExpressionText.Of(this);
}

/// <summary>Moves the time at which a selector or a subquery is evaluated.</summary>
/// <param name="Offset">Milliseconds into the past; negative into the future.</param>
/// <param name="At">A fixed instant instead of the time of evaluation, in milliseconds since 1970.</param>
/// <param name="Edge"><c>@ start()</c> or <c>@ end()</c>.</param>
public sealed record TimeShift(long Offset = 0, long? At = null, TimeEdge Edge = TimeEdge.None)
{
    /// <summary>No shift.</summary>
    public static TimeShift None { get; } = new();

    /// <summary>Whether the time of evaluation does not matter.</summary>
    public bool IsFixed => At is not null || Edge != TimeEdge.None;
}

/// <summary>The edges of a range query that <c>@</c> can name.</summary>
public enum TimeEdge
{
    /// <summary>None is named.</summary>
    None,

    /// <summary><c>start()</c></summary>
    Start,

    /// <summary><c>end()</c></summary>
    End,
}
