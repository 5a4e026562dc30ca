using System.Text;
using System.Text.Json;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// A page put together from answers of a Prometheus to instant queries (prometheus.io/docs/prometheus/2.42/querying/api): each
/// query has a name, and its answer's series carry that name and the labels as they were answered. Native histograms are left out.
/// </summary>
public sealed class InstantPage
{
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = 16 };

    private readonly ExpositionLimits _limits;
    private readonly SeriesCache _cache;
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly List<ScrapedSeries> _series = [];
    private readonly List<double> _values = [];
    private readonly List<long> _stamps = [];
    private int _duplicates;
    private long _bytes;

    /// <summary>Begins a page.</summary>
    public InstantPage(ExpositionLimits limits, SeriesCache series)
    {
        (_limits, _cache) = (limits, series);
        _cache.StartPage();
        _cache.Unfold();
    }

    /// <summary>Adds the answer to one query.</summary>
    /// <param name="name">The metric's name that its series get.</param>
    /// <param name="query">The expression, which becomes the metric's help.</param>
    /// <param name="answer">The body.</param>
    /// <exception cref="ExpositionRefused">The other side refuses the query, the answer is none, or it breaks a limit.</exception>
    public void Add(string name, string query, ReadOnlyMemory<byte> answer)
    {
        _families[name] = new MetricFamily(name, MetricType.Unknown, query, "");
        _bytes += answer.Length;
        try
        {
            using var document = JsonDocument.Parse(answer, _json);
            var root = document.RootElement;
            if (Text(root, "status") != "success")
                throw Refused(name, Text(root, "error") is { Length: > 0 } error ? $"the Prometheus answered: {error}" : "the answer is not that of a Prometheus");
            var data = root.GetProperty("data");
            var result = data.GetProperty("result");
            switch (Text(data, "resultType"))
            {
                case "vector":
                    foreach (var one in result.EnumerateArray())
                        Series(name, one);
                    break;
                case "scalar":
                    Sample(name, LabelSet.Of((Label.MetricName, name)), result);
                    break;
                case var other:
                    throw Refused(name, $"the answer is a {other}, not one value for each series. Use an expression without a range at its end, such as rate(…[5m]) in place of …[5m]");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Refused(name, "the answer is not that of a Prometheus. Does the address end before /api/v1?");
        }
    }

    /// <summary>The page of all answers.</summary>
    public ExpositionPage Take()
    {
        var page = new ExpositionPage(null)
        {
            Series = _cache.Keep(_series),
            Values = [.. _values],
            Stamps = _stamps.Count > 0 ? [.. _stamps] : null,
            Families = _families,
            Duplicates = _duplicates,
            Bytes = _bytes,
        };
        _cache.EndPage(_series.Count);
        return page;
    }

    private void Series(string name, JsonElement one)
    {
        if (!one.TryGetProperty("value", out var value))
            return;
        List<Label> labels = [new(Label.MetricName, name)];
        foreach (var label in one.GetProperty("metric").EnumerateObject().Where(l => l.Name != Label.MetricName))
        {
            var text = label.Value.GetString()!;
            if (!Label.IsLabelName(label.Name))
                throw Refused(name, $"“{label.Name}” is not a label's name");
            if (label.Name.Length > _limits.NameBytes || Encoding.UTF8.GetByteCount(text) > _limits.ValueBytes)
                throw Refused(name, "a label is longer than the limit of this source");
            labels.Add(new(label.Name, text));
        }
        if (labels.Count - 1 > _limits.Labels)
            throw Refused(name, $"a series has more than {_limits.Labels} labels");
        if (labels.DistinctBy(l => l.Name).Count() < labels.Count)
            throw Refused(name, "a series has a label twice");
        Sample(name, LabelSet.Of(labels), value);
    }

    private void Sample(string name, LabelSet labels, JsonElement value)
    {
        if (!NumberText.TryRead(Encoding.UTF8.GetBytes(value[1].GetString()!), out var number))
            throw Refused(name, "a value is not a number");
        var series = _cache.Of(labels, name);
        if (series.Page == _cache.Page)
        {
            _duplicates++;
            return;
        }
        if (_series.Count >= _limits.Samples)
            throw new ExpositionRefused($"The queries bring more than {_limits.Samples} samples, the limit of this source.");
        series.Page = _cache.Page;
        _series.Add(series);
        _values.Add(number);
        _stamps.Add((long)Math.Round(Math.Clamp(value[0].GetDouble(), -1e12, 1e12) * 1000));
    }

    private static string? Text(JsonElement of, string member) => of.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static ExpositionRefused Refused(string name, string why) => new($"The query {name}: {why}.");
}
