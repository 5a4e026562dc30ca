using System.Text.Json;
using System.Text.Json.Serialization;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// How a service's JSON becomes metrics: for each metric where its items are, and in each item where the value and the labels
/// are. Written as JSON: <c>{"metrics":[{"name":"orders_total","type":"counter","items":"$.shops[*]","value":"@.orders","labels":{"shop":"@.name"}}]}</c>.
/// </summary>
public sealed class JsonMapping
{
    /// <summary>The most metrics of one mapping.</summary>
    public const int MostMetrics = 100;

    /// <summary>The longest mapping, in characters.</summary>
    public const int LongestText = 50_000;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private JsonMapping(List<MappedMetric> metrics) => Metrics = metrics;

    /// <summary>The metrics, in their order.</summary>
    internal IReadOnlyList<MappedMetric> Metrics { get; }

    /// <summary>Reads a mapping.</summary>
    /// <exception cref="FormatException">With a sentence that names the metric and what is wrong with it.</exception>
    public static JsonMapping Read(string text)
    {
        if (text.Length > LongestText)
            throw new FormatException($"A mapping has at most {LongestText} characters.");
        Written? written;
        try
        {
            written = JsonSerializer.Deserialize<Written>(text, _json);
        }
        catch (JsonException broken)
        {
            throw new FormatException(broken.LineNumber is { } line && broken.Path is null or "$"
                ? $"The mapping cannot be read in its line {line + 1}: it is JSON and begins with {{\"metrics\":[."
                : $"The mapping has something at {broken.Path} that does not belong there: a metric has name, type, help, items, value and labels.");
        }
        if (written?.Metrics is not { Count: > 0 and <= MostMetrics } metrics)
            throw new FormatException($"A mapping lists 1 to {MostMetrics} metrics: {{\"metrics\":[{{\"name\":…,\"items\":…,\"value\":…}}]}}.");
        return new JsonMapping(metrics.ConvertAll(m => MappedMetric.Of(m ?? new())));
    }

    /// <summary>A mapping as it is written.</summary>
    private sealed record Written(List<WrittenMetric?>? Metrics);
}

/// <summary>One metric of a mapping as it is written.</summary>
internal sealed record WrittenMetric
{
    public string? Name { get; init; }

    public string? Type { get; init; }

    public string? Help { get; init; }

    public string? Items { get; init; }

    public string? Value { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }
}

/// <summary>One metric of a mapping, checked.</summary>
internal sealed record MappedMetric(MappedText Name, MetricType Type, string Help, JsonPath Items, JsonPath Value, IReadOnlyList<(string Name, MappedText Text)> Labels)
{
    /// <summary>The name that stands for all members of an object.</summary>
    public const string AllMembers = "*";

    public static MappedMetric Of(WrittenMetric written)
    {
        if (string.IsNullOrWhiteSpace(written.Name))
            throw new FormatException("Each metric of a mapping needs a name, or a path to it.");
        var name = MappedText.Of(written.Name, "name");
        if (name.Path is null && !Label.IsMetricName(name.Literal))
            throw new FormatException($"“{name.Literal}” is not a metric's name: letters, digits, _ and :, not beginning with a digit.");
        if (string.IsNullOrWhiteSpace(written.Value))
            throw new FormatException($"The metric {written.Name} needs the path to its value, for example \"value\":\"@.count\".");
        var value = Single(written.Value, $"value of {written.Name}");
        if (written.Type is { Length: > 0 } && !IsType(written.Type))
            throw new FormatException($"“{written.Type}” is not a type of {written.Name}: counter, gauge, histogram, summary and unknown are.");
        _ = Enum.TryParse<MetricType>(written.Type, ignoreCase: true, out var type);
        return new(name, type, written.Help ?? "", JsonPath.Read(written.Items is { Length: > 0 } items ? items : "$"), value, [.. (written.Labels ?? []).Select(l => Labelled(l.Key, l.Value ?? ""))]);
    }

    private static bool IsType(string word) => word.ToLowerInvariant() is "unknown" or "counter" or "gauge" or "histogram" or "summary";

    private static (string, MappedText) Labelled(string name, string text)
    {
        if (name != AllMembers && (!Label.IsLabelName(name) || name == Label.MetricName))
            throw new FormatException($"“{name}” is not a label's name: letters, digits and _, not beginning with a digit; * takes all members of an object.");
        if (name == AllMembers && !JsonPath.IsPath(text))
            throw new FormatException("The label * needs the path to an object, whose members become labels.");
        return (name, MappedText.Of(text, $"label {name}"));
    }

    internal static JsonPath Single(string text, string what)
    {
        var path = JsonPath.Read(text);
        return path.IsMany ? throw new FormatException($"The path to the {what} leads to many places: [*] belongs into items.") : path;
    }
}

/// <summary>A text that is given, or found by a path.</summary>
internal sealed record MappedText(string Literal, JsonPath? Path)
{
    public static MappedText Of(string text, string what) => JsonPath.IsPath(text) ? new(text, MappedMetric.Single(text, what)) : new(text, null);
}
