using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>
/// What OpenMetrics asks beyond the spelling of a line: a metric's lines stand together, its description first, the lines of
/// one histogram or summary without others between them, stamps that do not go back, values that the type allows.
/// Rules that only concern the arithmetic of a whole histogram are not enforced: services read their buckets while they
/// count, and refusing their page for it would blind us to the rest.
/// </summary>
internal sealed class OpenMetricsRules(IReadOnlyDictionary<string, MetricFamily> families, SeriesCache cache)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<LabelSet> _closedGroups = [];
    private MetricFamily? _family;
    private LabelSet? _group;
    private string? _lastName;
    private string _suffix = "";
    private bool _hasSamples;
    private (bool Type, bool Help, bool Unit) _said;

    /// <summary>A description line; <paramref name="keyword"/> is its first letter.</summary>
    public void Announce(MetricFamily family, byte keyword)
    {
        if (_family?.Name != family.Name)
            Open(family);
        else if (_hasSamples)
            throw new LineRefused($"{family.Name} is described after its samples.");
        ref var said = ref keyword == 'T' ? ref _said.Type : ref keyword == 'H' ? ref _said.Help : ref _said.Unit;
        if (said)
            throw new LineRefused($"{family.Name} is described twice by the same kind of line.");
        said = true;
        if (keyword == 'T')
            Reserve(family);
        if (family.Unit.Length > 0 && family.Type is MetricType.Info or MetricType.StateSet)
            throw new LineRefused($"{family.Name} cannot have a unit: it is an info or stateset metric.");
        _family = family;
    }

    /// <summary>Whether a value is within a rule.</summary>
    public static bool Allows(ValueRule rule, double value) => rule switch
    {
        ValueRule.NotNegative => value >= 0,
        ValueRule.One => value == 1,
        ValueRule.ZeroOrOne => value is 0 or 1,
        _ => true,
    };

    /// <summary>A line with a value; says which rule holds for every value in its place.</summary>
    public ValueRule Check(in SampleLine line)
    {
        var series = line.Series;
        if (!ReferenceEquals(series.MetricName, _lastName))
            FindFamily(series.MetricName);
        _hasSamples = true;
        var type = _family!.Type;
        CheckRepeated(line);
        var rule = RuleOf(type);
        CheckValue(type, rule, line.Value);
        if (type is not (MetricType.Gauge or MetricType.Unknown))
            CheckLabels(type, series.Labels);
        if (line.Exemplar is not null && _suffix is not ("_bucket" or "_total"))
            throw new LineRefused("An exemplar can only stand behind a counter's _total or a histogram's _bucket.");
        if (type is MetricType.Histogram or MetricType.GaugeHistogram or MetricType.Summary or MetricType.StateSet)
            CheckGroup(type, series);
        return rule;
    }

    private void Open(MetricFamily family)
    {
        if (!_taken.Add(family.Name))
            throw new LineRefused($"{family.Name} was already described above; the lines of one metric must stand together.");
        _family = family;
        _group = null;
        _closedGroups.Clear();
        _lastName = null;
        _hasSamples = false;
        _said = default;
    }

    private void Reserve(MetricFamily family)
    {
        foreach (var suffix in Suffixes(family))
        {
            if (suffix.Length > 0 && !_taken.Add(family.Name + suffix))
                throw new LineRefused($"{family.Name} clashes with {family.Name}{suffix} above.");
        }
    }

    private void FindFamily(string name)
    {
        _lastName = null;
        foreach (var suffix in _family is null ? [] : Suffixes(_family))
        {
            if (name.Length == _family!.Name.Length + suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)
                && name.StartsWith(_family.Name, StringComparison.Ordinal))
            {
                _suffix = suffix.Length == 0 && _family.Type == MetricType.Counter ? "_total" : suffix;
                _lastName = name;
                return;
            }
        }
        if (_taken.Contains(name))
        {
            throw _family?.Name == name
                ? new LineRefused($"A sample of {name} must have one of the endings of its type: {string.Join(", ", Suffixes(_family))}.")
                : new LineRefused($"{name} already appeared above; the lines of one metric must stand together.");
        }
        Open(families.TryGetValue(name, out var described) ? described : new MetricFamily(name, MetricType.Unknown, "", ""));
        _suffix = "";
        _lastName = name;
    }

    private static string[] Suffixes(MetricFamily family) => family.Type switch
    {
        // Some services announce the counter by its full name; the specification's tests do too.
        MetricType.Counter when family.Name.EndsWith("_total", StringComparison.Ordinal) => ["", "_total", "_created"],
        MetricType.Counter => ["_total", "_created"],
        MetricType.Histogram => ["_bucket", "_count", "_sum", "_created"],
        MetricType.GaugeHistogram => ["_bucket", "_gcount", "_gsum"],
        MetricType.Summary => ["", "_count", "_sum", "_created"],
        MetricType.Info => ["_info"],
        _ => [""],
    };

    private void CheckRepeated(in SampleLine line)
    {
        if (line.Series.Page != cache.Page)
            return;
        if (line.Time is null || double.IsNaN(line.Series.Time))
            throw new LineRefused($"{line.Series.Labels} appears twice.");
        if (line.Time < line.Series.Time)
            throw new LineRefused($"The timestamps of {line.Series.Labels} go backwards.");
    }

    private ValueRule RuleOf(MetricType type) => type switch
    {
        MetricType.Gauge or MetricType.Unknown => ValueRule.Any,
        MetricType.Info => ValueRule.One,
        MetricType.StateSet => ValueRule.ZeroOrOne,
        _ => _suffix is "_total" or "_count" or "_bucket" or "_gcount" ? ValueRule.NotNegative : ValueRule.Any,
    };

    private void CheckValue(MetricType type, ValueRule rule, double value)
    {
        if (Allows(rule, value))
            return;
        throw new LineRefused(rule switch
        {
            ValueRule.NotNegative => $"The value of a {type.ToString().ToLowerInvariant()}'s {_suffix} cannot be {(double.IsNaN(value) ? "NaN" : "negative")}.",
            ValueRule.One => "The value of an info metric must be 1.",
            _ => "The value of a stateset must be 0 or 1.",
        });
    }

    private void CheckLabels(MetricType type, LabelSet labels)
    {
        if (_suffix == "_bucket" && !IsNumber(labels["le"], double.NegativeInfinity, double.PositiveInfinity))
            throw new LineRefused("A bucket needs the label le with a number.");
        if (type == MetricType.Summary && _suffix.Length == 0 && !IsNumber(labels["quantile"], 0, 1))
            throw new LineRefused("A summary's quantile needs the label quantile with a number from 0 to 1.");
        if (type == MetricType.StateSet && labels[_family!.Name].Length == 0)
            throw new LineRefused($"A stateset needs the label {_family.Name} with the state's name.");
    }

    private void CheckGroup(MetricType type, ScrapedSeries series)
    {
        if (series.Group is null || series.GroupType != type)
        {
            var without = type switch { MetricType.Summary => "quantile", MetricType.StateSet => _family!.Name, _ => "le" };
            series.Group = cache.Group(series.Labels.Without(Label.MetricName, without));
            series.GroupType = type;
        }
        if (series.Group.Equals(_group))
            return;
        if (_group is not null)
            _closedGroups.Add(_group);
        if (_closedGroups.Contains(series.Group))
            throw new LineRefused($"The lines of {_family!.Name}{(series.Group.Count == 0 ? "" : series.Group.ToString())} must stand together.");
        _group = series.Group;
    }

    private static bool IsNumber(string text, double least, double most)
    {
        Span<byte> bytes = stackalloc byte[64];
        return text.Length is > 0 and <= 32 && System.Text.Encoding.UTF8.TryGetBytes(text, bytes, out var length)
            && NumberText.TryRead(bytes[..length], out var number) && number >= least && number <= most;
    }
}

/// <summary>What OpenMetrics asks of a value, by type and ending.</summary>
internal enum ValueRule : byte
{
    Any,
    NotNegative,
    One,
    ZeroOrOne,
}
