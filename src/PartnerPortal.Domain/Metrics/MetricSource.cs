using PartnerPortal.Domain.Audit;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>A page of metrics that is scraped for an integration: the partner's own, or ours.</summary>
public sealed class MetricSource : IAudited
{
    /// <summary>The shortest pause between two scrapes.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    /// <summary>The longest: a value counts as current for five minutes, so a longer pause would be a gap.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private MetricSource()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it belongs to.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration it measures.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>What people call it; the label <c>source</c> of its series.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Where the page is.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Whose count it is.</summary>
    public SourceSide Side { get; private set; }

    /// <summary>The pause between scrapes.</summary>
    public TimeSpan Interval { get; private set; } = DefaultInterval;

    /// <summary>The longest that a scrape may take; never longer than the interval.</summary>
    public TimeSpan Timeout { get; private set; } = DefaultTimeout;

    /// <summary>How its pages are read.</summary>
    public SourceFormat Format { get; private set; }

    /// <summary>How its JSON becomes metrics (<see cref="TimeSeries.Exposition.JsonMapping"/>), as JSON; null when it has none.</summary>
    public string? Mapping { get; private set; }

    /// <summary>The expressions that are asked, by the name that their series get; only for an existing Prometheus (<see cref="SourceFormat.PrometheusApi"/>).</summary>
    public IReadOnlyDictionary<string, string> Queries { get; private set; } = new Dictionary<string, string>();

    /// <summary>What one scrape may bring at most.</summary>
    public SourceLimits Limits { get; private set; } = SourceLimits.Default;

    /// <summary>Names of the headers that are sent; their values are sealed and never shown again.</summary>
    public IReadOnlyList<string> HeaderNames { get; private set; } = [];

    /// <summary>The sealed headers; null when there are none.</summary>
    [Secret]
    public byte[]? SealedHeaders { get; private set; }

    /// <summary>When a person stopped scraping; null while it runs.</summary>
    public DateTimeOffset? PausedAt { get; private set; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Changes with every save; guards against lost updates.</summary>
    public uint Version { get; private init; }

    /// <summary>Host and port: the label <c>instance</c> of its series.</summary>
    public string Instance => InstanceOf(Url);

    AuditSubject IAudited.AuditedAs => new("metric source", Id, Name, PartnerId);

    /// <summary>Enters a source.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static MetricSource Enter(Guid partnerId, Guid integrationId, SourceDraft draft, Func<Guid, string, byte[]> seal, DateTimeOffset at)
    {
        var source = new MetricSource { Id = Guid.CreateVersion7(at), PartnerId = partnerId, IntegrationId = integrationId, CreatedAt = at };
        source.Apply(draft with { Name = draft.Name ?? "", Url = draft.Url ?? "", Side = draft.Side ?? "" }, seal);
        return source;
    }

    /// <summary>Checks a draft as <see cref="Enter"/> would, without keeping it: for trying a source before it is saved.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static MetricSource Preview(SourceDraft draft) =>
        Enter(Guid.Empty, Guid.Empty, draft with { Name = string.IsNullOrWhiteSpace(draft.Name) ? "preview" : draft.Name, Side = draft.Side ?? "partner" }, (_, _) => [], DateTimeOffset.UnixEpoch);

    /// <summary>Changes what the draft names.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted; nothing was changed in the database.</exception>
    public void Change(SourceDraft draft, Func<Guid, string, byte[]> seal) => Apply(draft, seal);

    /// <summary>Stops scraping; what was measured stays.</summary>
    public void Pause(DateTimeOffset at) => PausedAt ??= at;

    /// <summary>Goes on scraping.</summary>
    public void Resume() => PausedAt = null;

    /// <summary>Whether the sealed headers may be sent to an address: only to the host that they were entered for.</summary>
    public bool SendsHeadersTo(string url) => SealedHeaders is not null && SameHost(Url, url);

    /// <summary>Host and port of an address; the address itself when it is none.</summary>
    public static string InstanceOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? $"{uri.Host}:{uri.Port}" : url;

    private static bool SameHost(string a, string b) =>
        Uri.TryCreate(a, UriKind.Absolute, out var one) && Uri.TryCreate(b, UriKind.Absolute, out var other)
        && one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;

    private void Apply(SourceDraft draft, Func<Guid, string, byte[]> seal)
    {
        var check = new FieldCheck();
        var headersAreFor = Url;
        Name = draft.Name is null ? Name : SourceFields.Name(check, draft.Name);
        Url = draft.Url is null ? Url : SourceFields.Url(check, draft.Url);
        Side = draft.Side is null ? Side : SourceFields.Side(check, draft.Side);
        Format = check.Word("format", draft.Format, Format);
        Interval = SourceFields.Duration(check, "interval", draft.Interval, Interval);
        if (Interval < ShortestInterval || Interval > LongestInterval)
        {
            check.Refuse("interval", $"Scrape every {PromDuration.Show(ShortestInterval)} to {PromDuration.Show(LongestInterval)}.");
        }

        // A timeout that nobody chose follows the interval; a chosen one must fit into it.
        Timeout = SourceFields.Duration(check, "timeout", draft.Timeout, Timeout > Interval ? Interval : Timeout);
        if (Timeout > Interval && check.Good)
        {
            check.Refuse("timeout", $"A scrape must end before the next begins: at most {PromDuration.Show(Interval)}.");
        }

        Mapping = draft.Mapping is null ? Mapping : SourceFields.Mapping(check, draft.Mapping);
        Queries = draft.Queries is null ? Queries : SourceFields.Queries(check, draft.Queries);
        if (Format == SourceFormat.PrometheusApi && Queries.Count == 0 && check.Good)
        {
            check.Refuse("queries", "Say what to ask: at least one name with an expression.");
        }

        Limits = draft.Limits is null ? Limits : Limits.With(check, draft.Limits);
        var headers = draft.Headers is null ? null : SourceFields.Headers(check, draft.Headers);
        if (headers is null && SealedHeaders is not null && !SameHost(headersAreFor, Url))
        {
            check.Refuse("headers", "The address leads to another host, and the headers were meant for the old one. Enter them again, or remove them.");
        }

        check.ThrowIfRefused();
        if (headers is not null)
        {
            HeaderNames = [.. headers.Keys];
            SealedHeaders = headers.Count == 0 ? null : seal(Id, SourceFields.Write(headers));
        }
    }
}
