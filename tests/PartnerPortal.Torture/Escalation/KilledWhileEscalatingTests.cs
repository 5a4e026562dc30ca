using System.Diagnostics;
using System.Globalization;
using PartnerPortal.TestKit;

namespace PartnerPortal.Torture.Escalation;

/// <summary>
/// Three portals page people about a stream of alerts while portals and PostgreSQL are killed. A minute in every run of the tests;
/// <c>PORTAL_TORTURE_MINUTES</c> makes it longer and writes a table at the end.
/// </summary>
public sealed class KilledWhileEscalatingTests : IAsyncLifetime
{
    private readonly DataDirectory _data = new();
    private readonly FakeMailServer _mail = FakeMailServer.Open();
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-history-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _mail.DisposeAsync();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_alert_is_lost_and_no_step_is_skipped_or_done_twice_while_portals_and_database_are_killed()
    {
        var random = Seed.Next();
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("PORTAL_TORTURE_MINUTES"), CultureInfo.InvariantCulture, out var given) ? given : 1;
        using var history = new History(Path.Combine(_folder, "history.jsonl"));
        var fleet = new PortalFleet(_data, 3, random,
        [
            ("Portal__Mail__Host", "127.0.0.1"), ("Portal__Mail__Port", _mail.Port.ToString(CultureInfo.InvariantCulture)), ("Portal__Mail__Security", "none"),
            ("Portal__Mail__From", "Portal <portal@example.com>"), ("Portal__Incidents__AcknowledgementTimeout", "1m"), ("Portal__Incidents__OnUsPartners", "0"), // each pages by itself
        ]);
        await using (fleet)
        {
            await fleet.StartAsync(Cancel);
            var writer = new AlertWriter(fleet, history);
            await writer.PrepareAsync(fleet.Any(random)!, Cancel);
            using var stop = new CancellationTokenSource();
            var work = Task.WhenAll(writer.SendAsync(new(random.Next()), stop.Token), writer.SendAsync(new(random.Next()), stop.Token), writer.ActAsync(new(random.Next()), stop.Token));
            await Task.Delay(TimeSpan.FromMinutes(minutes * 0.25), Cancel);
            await fleet.KillAsync(TimeSpan.FromMinutes(minutes * 0.75), Cancel);
            await fleet.UntilAllLiveAsync();
            await stop.CancelAsync();
            await work;
            await UntilDoneAsync();
            Report(await CheckAsync(history, fleet), history, fleet);
        }
    }

    private async Task UntilDoneAsync()
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            var waiting = await EscalationSnapshot.WaitingAsync(_data.ConnectionString, Cancel);
            if (waiting == 0)
            {
                return;
            }

            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"{waiting} things still wait to be done.");
            await Task.Delay(500, Cancel);
        }
    }

    // Portals go on meanwhile: what is on its way in one look has arrived in the next one.
    private async Task<(EscalationChecker Checker, EscalationSnapshot Seen, IReadOnlyList<string> Problems)> CheckAsync(History history, PortalFleet fleet)
    {
        for (var look = 1; ; look++)
        {
            var seen = await EscalationSnapshot.ReadAsync(_data.ConnectionString, Cancel);
            var checker = new EscalationChecker(history.Read(), [.. _mail.Mails], seen, [.. fleet.Kills], fleet.Outages);
            if (checker.Problems() is var problems && (problems.Count == 0 || look == 5))
            {
                return (checker, seen, problems);
            }

            await Task.Delay(700, Cancel);
        }
    }

    private static void Report((EscalationChecker Checker, EscalationSnapshot Seen, IReadOnlyList<string> Problems) found, History history, PortalFleet fleet)
    {
        var (checker, seen, problems) = found;
        var ops = history.Read();
        var pages = seen.Messages.Where(m => m.Kind == "page").ToList();
        string[] table =
        [
            $"alerts accepted            {ops.Count(o => o is { Kind: "fire", Outcome: Op.Ok })}, without an answer or with 5xx {ops.Count(o => o is { Kind: "fire", Outcome: Op.Unknown })}",
            $"incidents                  {seen.Incidents.Count}, over {seen.Incidents.Count(i => i.ResolvedAt is not null)}; verbs of people {ops.Count(o => o is { Source: "", Outcome: Op.Ok })}",
            $"steps                      {seen.Steps.Count}",
            $"pages                      {pages.Count}, sent {pages.Count(p => p.State == "sent")}, marked {pages.Count(p => p.IsMarked)}, arrived twice {checker.Duplicates}",
            $"kills                      {fleet.Kills.Count(k => !k.Database)} of portals, {fleet.Kills.Count(k => k.Database)} of PostgreSQL; starts repeated {fleet.FailedStarts.Count}",
            $"starts                     {new Lateness(fleet.Starts)}",
            $"late, nothing killed       {checker.Undisturbed}",
            $"late, 15 s after a kill    {checker.Disturbed}",
            $"the same, a portal lived   {checker.DisturbedWhileAlive}; none lived for {fleet.Outages.Sum(o => (o.To - o.From).TotalSeconds):0} s in all",
        ];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', table));
        foreach (var failed in fleet.FailedStarts)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("A start failed: " + failed.Split("\n   at ")[0]);
        }

        Assert.True(problems.Count == 0, $"{problems.Count} broken promises:\n{string.Join('\n', problems.Take(30))}\n\n{string.Join('\n', table)}");
    }
}
