using System.Text;
using System.Text.Json;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// Reads a page of JSON through a mapping. Numbers, texts that are numbers, and true and false (1 and 0) are values; null, other
/// texts and absent members make no sample. A page in which the mapping finds nothing at all is refused, since its paths no
/// longer fit.
/// </summary>
public sealed class JsonPage
{
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = 64 };

    private readonly ExpositionLimits _limits;
    private readonly SeriesCache _cache;
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly List<ScrapedSeries> _series = [];
    private readonly List<double> _values = [];
    private int _duplicates;

    private JsonPage(ExpositionLimits limits, SeriesCache cache) => (_limits, _cache) = (limits, cache);

    /// <summary>Reads a complete page.</summary>
    /// <exception cref="ExpositionRefused">It is not JSON, breaks a limit, or has nothing where the mapping looks.</exception>
    public static ExpositionPage Read(ReadOnlyMemory<byte> page, JsonMapping mapping, ExpositionLimits? limits = null, SeriesCache? series = null)
    {
        var reading = new JsonPage(limits ?? ExpositionLimits.Default, series ?? new SeriesCache());
        reading._cache.StartPage();
        reading._cache.Unfold();
        try
        {
            using var document = JsonDocument.Parse(page, _json);
            foreach (var metric in mapping.Metrics)
                reading.Add(metric, new JsonPlace(document.RootElement, ""));
        }
        catch (JsonException broken)
        {
            throw new ExpositionRefused("The answer is not JSON that can be read from here on.", (int?)broken.LineNumber + 1);
        }
        catch (InvalidOperationException)
        {
            // A text with half a character: "\ud800" is allowed in JSON's grammar and stands for nothing.
            throw new ExpositionRefused("The answer holds a text that is not valid Unicode.");
        }
        catch (LineRefused refused)
        {
            throw new ExpositionRefused(refused.Message);
        }
        return reading._series.Count > 0 ? reading.Page(page) : throw new ExpositionRefused(
            "The mapping finds no number in this answer. Its paths may not fit: try the source and look at what it answers.");
    }

    private ExpositionPage Page(ReadOnlyMemory<byte> page)
    {
        var read = new ExpositionPage(null)
        {
            Series = _cache.Keep(_series),
            Values = [.. _values],
            Families = _families,
            Duplicates = _duplicates,
            Bytes = page.Length,
            Lines = page.Span.Count((byte)'\n') + (page.Span.EndsWith("\n"u8) ? 0 : 1),
        };
        _cache.EndPage(_series.Count);
        return read;
    }

    private void Add(MappedMetric metric, JsonPlace document)
    {
        foreach (var item in metric.Items.Find(document))
        {
            if (Place(metric.Value, document, item) is not { } place || Number(place.Value) is not { } value)
                continue;
            if (_series.Count >= _limits.Samples)
                throw new LineRefused($"The mapping finds more than {_limits.Samples} samples, the limit of this source.");
            var name = MetricName(Text(metric.Name, document, item));
            if (name.Length == 0)
                continue;
            _families.TryAdd(name, new MetricFamily(name, metric.Type, metric.Help, ""));
            var series = _cache.Of(Labels(metric, name, document, item), name);
            if (series.Page == _cache.Page)
            {
                _duplicates++;
                continue;
            }
            series.Page = _cache.Page;
            _series.Add(series);
            _values.Add(value);
        }
    }

    private LabelSet Labels(MappedMetric metric, string name, JsonPlace document, JsonPlace item)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Label.MetricName] = name };
        foreach (var (label, text) in metric.Labels)
        {
            if (label != MappedMetric.AllMembers)
                labels[label] = Text(text, document, item);
            else if (Place(text.Path!, document, item) is { Value.ValueKind: JsonValueKind.Object } members)
            {
                foreach (var member in members.Value.EnumerateObject().Where(m => m.Name != Label.MetricName))
                    labels.TryAdd(LabelName(member.Name), Scalar(member.Value));
            }
        }
        if (labels.Count - 1 > _limits.Labels)
            throw new LineRefused($"A series has more than {_limits.Labels} labels.");
        foreach (var (label, value) in labels)
        {
            if (Encoding.UTF8.GetByteCount(value) > (label == Label.MetricName ? _limits.NameBytes : _limits.ValueBytes))
                throw new LineRefused($"The value of {label} is longer than the limit of this source.");
        }
        return LabelSet.Of(labels.Select(l => new Label(l.Key, l.Value)));
    }

    private static JsonPlace? Place(JsonPath path, JsonPlace document, JsonPlace item)
    {
        foreach (var place in path.Find(path.OfItem ? item : document))
            return place;
        return null;
    }

    private static string Text(MappedText text, JsonPlace document, JsonPlace item) =>
        text.Path is null ? text.Literal
        : Place(text.Path, document, item) is not { } place ? ""
        : text.Path.IsName ? place.Name
        : Scalar(place.Value);

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "",
    };

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String when NumberText.TryRead(Encoding.UTF8.GetBytes(value.GetString()!), out var number) => number,
        _ => null,
    };

    /// <summary>A found name with what names cannot have replaced by _.</summary>
    private static string MetricName(string text) => Label.IsMetricName(text) || text.Length == 0 ? text : LabelName(text);

    private static string LabelName(string text)
    {
        var name = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }
}
