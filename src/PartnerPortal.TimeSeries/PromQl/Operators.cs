using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The binary operators, in the order of their precedence from the weakest.</summary>
public enum BinaryOperator
{
    /// <summary><c>or</c></summary>
    Or,

    /// <summary><c>and</c></summary>
    And,

    /// <summary><c>unless</c></summary>
    Unless,

    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&gt;</c></summary>
    Above,

    /// <summary><c>&lt;</c></summary>
    Below,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,

    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>/</c></summary>
    Divide,

    /// <summary><c>%</c></summary>
    Modulo,

    /// <summary><c>atan2</c></summary>
    Atan2,

    /// <summary><c>^</c>, which binds to the right</summary>
    Power,
}

/// <summary>The aggregations.</summary>
public enum AggregateKind
{
    /// <summary>Sum of the values.</summary>
    Sum,

    /// <summary>Smallest value.</summary>
    Min,

    /// <summary>Largest value.</summary>
    Max,

    /// <summary>Arithmetic mean.</summary>
    Avg,

    /// <summary>1 for every group.</summary>
    Group,

    /// <summary>Standard deviation of the population.</summary>
    Stddev,

    /// <summary>Variance of the population.</summary>
    Stdvar,

    /// <summary>How many series.</summary>
    Count,

    /// <summary>How many series have each value.</summary>
    CountValues,

    /// <summary>The k series with the smallest values.</summary>
    BottomK,

    /// <summary>The k series with the largest values.</summary>
    TopK,

    /// <summary>A quantile of the values.</summary>
    Quantile,
}

/// <summary>How many series of one side may belong to one of the other.</summary>
public enum Cardinality
{
    /// <summary>One to one.</summary>
    OneToOne,

    /// <summary><c>group_left</c>: many on the left side.</summary>
    ManyToOne,

    /// <summary><c>group_right</c>: many on the right side.</summary>
    OneToMany,

    /// <summary>Set operators.</summary>
    ManyToMany,
}

/// <summary>Which series of both sides of an operator belong together.</summary>
/// <param name="Cardinality">How many of them.</param>
/// <param name="Labels">The labels that are compared, or with <c>ignoring</c> those that are not.</param>
/// <param name="On">Whether <paramref name="Labels"/> are compared.</param>
/// <param name="Include">Labels that the result takes from the side of which there is one.</param>
public sealed record VectorMatching(Cardinality Cardinality, IReadOnlyList<string> Labels, bool On, IReadOnlyList<string> Include)
{
    /// <summary>The labels of a series that are compared.</summary>
    internal LabelSet SignatureOf(LabelSet labels) => On ? labels.Only(Labels) : labels.Without([.. Labels, Label.MetricName]);
}

internal static class Operators
{
    private static readonly Dictionary<string, BinaryOperator> _bySign = Enum.GetValues<BinaryOperator>().ToDictionary(Spelled, o => o, StringComparer.OrdinalIgnoreCase);

    public static BinaryOperator? Find(Token token) =>
        token.Kind is TokenKind.Sign or TokenKind.Word && _bySign.TryGetValue(token.Text, out var found) ? found : null;

    public static bool IsSet(this BinaryOperator op) => op <= BinaryOperator.Unless;

    public static bool IsComparison(this BinaryOperator op) => op is >= BinaryOperator.Equal and <= BinaryOperator.AtMost;

    /// <summary>Whether the result is a new quantity, so that it loses the metric's name. Prometheus 2.42 leaves it with atan2.</summary>
    public static bool DropsName(this BinaryOperator op) => op >= BinaryOperator.Add && op != BinaryOperator.Atan2;

    public static int Precedence(this BinaryOperator op) => op switch
    {
        BinaryOperator.Or => 1,
        BinaryOperator.And or BinaryOperator.Unless => 2,
        _ when op.IsComparison() => 3,
        BinaryOperator.Add or BinaryOperator.Subtract => 4,
        BinaryOperator.Power => 6,
        _ => 5,
    };

    public static string Spelled(this BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.AtLeast => ">=",
        BinaryOperator.Above => ">",
        BinaryOperator.Below => "<",
        BinaryOperator.AtMost => "<=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Power => "^",
        _ => op.ToString().ToLowerInvariant(),
    };
}
