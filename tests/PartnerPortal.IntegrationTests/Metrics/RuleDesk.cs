using Microsoft.Extensions.Logging.Abstractions;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Data.Partners;
using PartnerPortal.Data.Storage;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Domain.Partners;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TestKit;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.IntegrationTests.Metrics;

/// <summary>A partner with rules over series that a test writes, computed when the test says so.</summary>
internal sealed class RuleDesk : IDisposable
{
    private readonly TestDatabase _database;
    private RuleBoard _board;
    private OnsetReading _onsets;

    private RuleDesk(TestDatabase database, string partner, Guid integration)
    {
        (_database, Partner, Integration) = (database, partner, integration);
        (_board, _onsets) = NewBoard();
    }

    public string Partner { get; }

    public Guid Integration { get; }

    public ScriptedSeries Series { get; } = new();

    public RuleStore Rules => _database.Get<RuleStore>();

    public AlertStore Alerts => _database.Get<AlertStore>();

    public DateTimeOffset Now => _database.Clock.GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RuleDesk> OpenAsync(TestDatabase database)
    {
        var slug = "r" + Guid.NewGuid().ToString("N")[..12];
        var partner = await database.Get<PartnerStore>().EnterAsync(new PartnerDraft(Name: slug, Slug: slug), null, TestDatabase.Ana, Cancel);
        return new RuleDesk(database, slug, partner.Integrations[0].Id);
    }

    public async Task<RuleRow> RuleAsync(RuleDraft draft)
    {
        var (row, _) = await Rules.SaveAsync(Partner, "main", draft.Slug, draft, null, TestDatabase.Ana, Cancel);
        _board.Forget();
        return row;
    }

    /// <summary>Writes one sample of each value, computes, and moves the clock on by 15 seconds.</summary>
    public async Task ScrapeAsync(params (string Series, double Value)[] values)
    {
        foreach (var (name, value) in values)
        {
            Series.Add(Labels(name), Now, value);
        }

        await _board.ComputeAsync(Integration, Now, Cancel);
        await _onsets.SettledAsync();
        await _database.Clock.MoveAsync(TimeSpan.FromSeconds(15));
    }

    /// <summary>Computes what no scrape woke.</summary>
    public Task ComputeDueAsync() => _board.ComputeDueAsync(Cancel);

    /// <summary>Forgets everything in memory, as a restart does.</summary>
    public void Restart()
    {
        _board.Dispose();
        (_board, _onsets) = NewBoard();
    }

    /// <summary>Another portal over the same database and series.</summary>
    public RuleBoard AnotherPortal() => NewBoard().Item1;

    public async Task<RuleRow> StandingAsync(string rule) => await Rules.GetAsync(Partner, rule, Cancel);

    public async Task<IReadOnlyList<AlertRow>> AlertsAsync() => await Alerts.AfterAsync(new AlertFilter(Partner), null, 100, TestDatabase.Ana, Cancel);

    public void Dispose() => _board.Dispose();

    private LabelSet Labels(string name) =>
        LabelSet.Of((Label.MetricName, name.Split('/')[0]), ("operation", name.Split('/').ElementAtOrDefault(1) ?? ""), ("partner", Partner), ("integration", "main"), ("source", "shop"));

    private (RuleBoard, OnsetReading) NewBoard()
    {
        var onsets = new OnsetReading(Series, Alerts, NullLogger<OnsetReading>.Instance);
        return (new RuleBoard(_database.Get<RuleStandingStore>(), new RuleReading(Series), onsets, _database.Get<ChangeFeed>(), _database.Clock, NullLogger<RuleBoard>.Instance), onsets);
    }
}
