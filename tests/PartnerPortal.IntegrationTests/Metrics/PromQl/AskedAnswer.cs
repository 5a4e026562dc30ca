using System.Globalization;
using System.Text.Json;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>An answer in a form that two engines can be compared in: samples by series, or why there is none.</summary>
internal sealed record AskedAnswer(string Type, IReadOnlyList<(string Labels, Sample[] Samples)> Series, string Error)
{
    private const double Tolerance = 1e-9;

    public static AskedAnswer Refused(string error) => new("error", [], error);

    public static AskedAnswer Of(QueryAnswer answer, bool ranged)
    {
        IEnumerable<(string, Sample[])> series = answer.Type == ExpressionType.RangeVector
            ? answer.Ranges.Select(s => (s.Labels.Spelled(), s.Samples))
            : answer.Series.Select(s => (s.Labels.Spelled(), Points(s.Values, answer.Steps)));
        return answer.Type == ExpressionType.Text
            ? new("string", [(answer.Text, [])], "")
            : new(ranged || answer.Type == ExpressionType.RangeVector ? "matrix" : answer.Type == ExpressionType.Scalar ? "scalar" : "vector", [.. series], "");
    }

    /// <summary>Reads an answer of the Prometheus API.</summary>
    public static AskedAnswer Of(JsonElement json)
    {
        if (json.GetProperty("status").GetString() != "success")
        {
            return Refused($"{json.GetProperty("errorType")}: {json.GetProperty("error")}");
        }

        var (type, result) = (json.GetProperty("data").GetProperty("resultType").GetString()!, json.GetProperty("data").GetProperty("result"));
        return new(type, type switch
        {
            "string" => [(result[1].GetString()!, [])],
            "scalar" => [("{}", [Point(result)])],
            _ => [.. result.EnumerateArray().Select(s => (LabelsOf(s.GetProperty("metric")), type == "vector" ? [Point(s.GetProperty("value"))] : s.GetProperty("values").EnumerateArray().Select(Point).ToArray()))],
        }, "");
    }

    /// <summary>Where this differs from what the other engine said, or null.</summary>
    public string? DifferenceFrom(JsonElement json, string query)
    {
        var theirs = Of(json);
        if (theirs.Type != Type)
        {
            return $"theirs is {theirs.Type} {theirs.Error}, ours {Type} {Error}";
        }

        if (theirs.Series.Count != Series.Count)
        {
            return $"theirs has {theirs.Series.Count} series, ours {Series.Count}: {Names(theirs)} | {Names(this)}";
        }

        var ordered = Type == "vector" && (query.StartsWith("sort", StringComparison.Ordinal) || query.StartsWith("topk", StringComparison.Ordinal));
        var (a, b) = ordered ? (theirs.Series, Series) : (Sorted(theirs), Sorted(this));
        return a.Zip(b, Difference).FirstOrDefault(d => d is not null);
    }

    private static string? Difference((string Labels, Sample[] Samples) theirs, (string Labels, Sample[] Samples) ours)
    {
        if (theirs.Labels != ours.Labels)
        {
            return $"theirs has {theirs.Labels}, ours {ours.Labels}";
        }

        if (theirs.Samples.Length != ours.Samples.Length)
        {
            return $"{ours.Labels}: theirs has {theirs.Samples.Length} samples, ours {ours.Samples.Length}";
        }

        foreach (var (one, other) in theirs.Samples.Zip(ours.Samples))
        {
            if (one.Time != other.Time || !Same(one.Value, other.Value))
            {
                return FormattableString.Invariant($"{ours.Labels}: theirs {one.Value:R} at {one.Time}, ours {other.Value:R} at {other.Time}");
            }
        }

        return null;
    }

    private static bool Same(double one, double other) =>
        one == other || (double.IsNaN(one) && double.IsNaN(other)) || Math.Abs(one - other) <= Tolerance * Math.Max(Math.Abs(one), Math.Abs(other));

    private static IReadOnlyList<(string Labels, Sample[] Samples)> Sorted(AskedAnswer answer) => [.. answer.Series.OrderBy(s => s.Labels, StringComparer.Ordinal)];

    private static string Names(AskedAnswer answer) => string.Join(' ', answer.Series.Select(s => s.Labels).Take(5));

    private static Sample[] Points(double[] values, Steps steps) =>
        [.. values.Select((v, i) => new Sample(steps[i], v)).Where(s => !Samples.IsStale(s.Value))];

    private static string LabelsOf(JsonElement metric) => LabelSet.Of(metric.EnumerateObject().Select(p => new Label(p.Name, p.Value.GetString()!))).Spelled();

    private static Sample Point(JsonElement pair) => new((long)Math.Round(pair[0].GetDouble() * 1000), pair[1].GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var number => double.Parse(number!, CultureInfo.InvariantCulture),
    });
}
