namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The words of the language that are neither functions nor names. They are read whatever their case.</summary>
internal static class Words
{
    public static readonly string[] WordOperators = ["and", "or", "unless", "atan2"];

    public static readonly Dictionary<string, AggregateKind> Aggregates =
        Enum.GetValues<AggregateKind>().ToDictionary(Spelled, k => k, StringComparer.OrdinalIgnoreCase);

    /// <summary>Words that cannot name a metric without quotes.</summary>
    private static readonly HashSet<string> _reserved = new(["bool", "on", "ignoring", "group_left", "group_right", "atan2"], StringComparer.OrdinalIgnoreCase);

    public static bool MayNameMetric(string word) => !_reserved.Contains(word);

    public static bool NamesNoMetric(string word) =>
        word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("nan", StringComparison.OrdinalIgnoreCase) || !MayNameMetric(word);

    public static string Spelled(AggregateKind kind) => kind switch
    {
        AggregateKind.CountValues => "count_values",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>What Prometheus calls a kind of value in its errors.</summary>
    public static string Documented(ExpressionType type) => type switch
    {
        ExpressionType.Scalar => "scalar",
        ExpressionType.InstantVector => "instant vector",
        ExpressionType.RangeVector => "range vector",
        _ => "string",
    };
}
