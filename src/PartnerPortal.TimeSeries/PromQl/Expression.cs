using System.Globalization;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Which series are meant: conditions on labels, the metric's name being one of them.</summary>
public sealed record Selector(IReadOnlyList<LabelMatcher> Matchers)
{
    /// <summary>The name that series must have, or null when the selector leaves it open.</summary>
    public string? MetricName =>
        Matchers.FirstOrDefault(m => m.Name == Label.MetricName && m.Kind == MatchKind.Equal)?.Value;

    /// <summary>Whether a series is meant.</summary>
    public bool Matches(LabelSet labels)
    {
        foreach (var matcher in Matchers)
        {
            if (!matcher.Matches(labels))
                return false;
        }
        return true;
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var name = MetricName is { } given && Label.IsMetricName(given) ? given : null;
        var rest = Matchers.Where(m => name is null || m.Name != Label.MetricName || m.Kind != MatchKind.Equal || m.Value != name).ToList();
        return rest.Count == 0 && name is not null ? name : $"{name}{{{string.Join(',', rest)}}}";
    }
}

/// <summary>
/// The part of PromQL that is computed so far: a selector, its rate, and a quantile of a histogram's rate.
/// The semantics are those of Prometheus 2.42.
/// </summary>
public abstract record Expression
{
    /// <summary>How long a value counts as current (Prometheus's default look-back).</summary>
    public static readonly TimeSpan Lookback = TimeSpan.FromMinutes(5);

    /// <summary>The series the expression reads.</summary>
    public abstract Selector Reads { get; }

    /// <summary>How far before an instant samples are needed to compute the value at that instant.</summary>
    public abstract TimeSpan Reach { get; }

    /// <summary>Reads an expression; anything else than the known part is an <see cref="ExpressionRefused"/>.</summary>
    public static Expression Parse(string text) => new ExpressionParser(text).Read();
}

/// <summary><c>name{label="value"}</c></summary>
public sealed record SelectorExpression(Selector Selector) : Expression
{
    /// <inheritdoc />
    public override Selector Reads => Selector;

    /// <inheritdoc />
    public override TimeSpan Reach => Lookback;

    /// <inheritdoc />
    public override string ToString() => Selector.ToString();
}

/// <summary><c>rate(selector[range])</c>: growth per second.</summary>
public sealed record RateExpression(Selector Selector, TimeSpan Range) : Expression
{
    /// <inheritdoc />
    public override Selector Reads => Selector;

    /// <inheritdoc />
    public override TimeSpan Reach => Range;

    /// <inheritdoc />
    public override string ToString() => $"rate({Selector}[{PromDuration.Show(Range)}])";
}

/// <summary><c>histogram_quantile(q, rate(selector[range]))</c></summary>
public sealed record QuantileExpression(double Quantile, RateExpression Buckets) : Expression
{
    /// <inheritdoc />
    public override Selector Reads => Buckets.Selector;

    /// <inheritdoc />
    public override TimeSpan Reach => Buckets.Range;

    /// <inheritdoc />
    public override string ToString() => $"histogram_quantile({Quantile.ToString("R", CultureInfo.InvariantCulture)}, {Buckets})";
}
