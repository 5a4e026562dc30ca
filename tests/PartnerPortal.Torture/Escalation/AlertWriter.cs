using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PartnerPortal.Torture.Escalation;

/// <summary>Senders of alerts and people who answer them, at any portal that lives. Like real senders they send again what nobody accepted.</summary>
internal sealed class AlertWriter(PortalFleet fleet, History history)
{
    // By partner the steps of its policy: how long to wait, and who is paged.
    private static readonly (string Delay, string[] People)[][] _policies =
    [
        [("0s", ["ana"])],
        [("0s", ["ana"]), ("1s", ["bo"])],
        [("1s", ["cleo"]), ("2s", ["dan"]), ("3s", ["ana", "bo"])],
        [("0s", ["eve", "ana"]), ("3s", ["cleo"])],
    ];

    private static readonly string[] _verbs = ["acknowledge", "resolve", "escalate", "acknowledge", "resolve"];
    private readonly ConcurrentDictionary<(Source Source, string Key), bool> _firing = [];
    private readonly List<Source> _sources = [];
    private int _number;

    /// <summary>Makes the partners with their policies and two sources each.</summary>
    public async Task PrepareAsync(HttpClient http, CancellationToken cancel)
    {
        for (var n = 0; n < _policies.Length; n++)
        {
            var (partner, policy) = ($"torture{n}", $"policy{n}");
            var steps = _policies[n].Select(s => new { delay = s.Delay, targets = s.People.Select(p => new { person = $"{p}@example.com" }) });
            await DemandAsync(await http.PutAsJsonAsync($"/api/v1/escalation-policies/{policy}", new { steps, repeat = n }, cancel), cancel);
            await DemandAsync(await http.PostAsJsonAsync("/api/v1/partners", new { slug = partner, name = partner, stage = "live" }, cancel), cancel);
            await DemandAsync(await http.PatchAsJsonAsync($"/api/v1/partners/{partner}/integrations/main", new { escalationPolicy = policy }, cancel), cancel);
            foreach (var kind in new[] { "alertmanager", "pagerduty" })
            {
                // Alerts of one Alertmanager that name the same service are one incident; PagerDuty's are one each.
                var made = await DemandAsync(await http.PostAsJsonAsync("/api/v1/alert-sources", new { kind, partner, groupBy = kind == "alertmanager" ? new[] { "service" } : [] }, cancel), cancel);
                _sources.Add(new(made.GetProperty("id").GetString()!, kind, made.GetProperty("token").GetString()!));
            }
        }
    }

    /// <summary>Fires and resolves alerts until told to stop.</summary>
    public async Task SendAsync(Random chance, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (source, key, kind) = (_sources[chance.Next(_sources.Count)], $"k{Interlocked.Increment(ref _number)}", "fire");
            if (chance.Next(3) == 0 && _firing.Keys.FirstOrDefault() is { Key: not null } over && _firing.TryRemove(over, out _))
            {
                (source, key, kind) = (over.Source, over.Key, "resolve");
            }

            var service = $"service{chance.Next(40)}";
            var op = history.Begin(kind, source.Id, key);
            var outcome = Op.Unknown;
            // The same body again is known as a repeat.
            for (var tries = 0; tries < 4 && outcome == Op.Unknown; tries++)
            {
                outcome = await AskAsync(chance, http => http.SendAsync(source.Post(kind == "fire", key, service, op.At), CancellationToken.None));
                await PauseAsync(outcome == Op.Unknown ? 200 : 0);
            }

            history.End(op, outcome);
            if (kind == "fire")
            {
                _firing[(source, key)] = true;
            }

            await PauseAsync(chance.Next(100, 700));
        }
    }

    /// <summary>Takes, ends and hurries open incidents until told to stop.</summary>
    public async Task ActAsync(Random chance, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(chance.Next(100, 700));
            List<string> open = [];
            await AskAsync(chance, async http =>
            {
                var answer = await http.GetAsync(new Uri("/api/v1/incidents?state=open&limit=50", UriKind.Relative), CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    open.AddRange((await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!));
                }

                return answer;
            });
            if (open.Count > 0)
            {
                var (id, verb) = (open[chance.Next(open.Count)], _verbs[chance.Next(_verbs.Length)]);
                var op = history.Begin(verb, "", id);
                history.End(op, await AskAsync(chance, http => http.PostAsJsonAsync($"/api/v1/incidents/{id}/{verb}", new { }, CancellationToken.None)));
            }
        }
    }

    private static Task PauseAsync(int milliseconds) => Task.Delay(milliseconds, CancellationToken.None);

    private static async Task<JsonElement> DemandAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        using (answer)
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancel));
            return await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        }
    }

    // Only an answer says what happened: after 5xx, and when the portal died meanwhile, it may have been done or not.
    private async Task<string> AskAsync(Random chance, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        if (fleet.Any(chance) is not { } http)
        {
            return Op.Unknown;
        }

        try
        {
            using var answer = await ask(http);
            return answer.IsSuccessStatusCode ? Op.Ok : answer.StatusCode < HttpStatusCode.InternalServerError ? Op.Fail : Op.Unknown;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return Op.Unknown;
        }
    }

    private sealed record Source(string Id, string Kind, string Token)
    {
        public HttpRequestMessage Post(bool fires, string key, string service, DateTimeOffset at) => Kind == "alertmanager"
            ? new(HttpMethod.Post, $"/api/v1/intake/alertmanager/{Token}")
            {
                Content = Json(new
                {
                    version = "4",
                    alerts = new[] { new { status = fires ? "firing" : "resolved", fingerprint = key, labels = new { alertname = "Down", severity = "critical", service }, annotations = new { summary = "No answer" }, startsAt = at } },
                }),
            }
            : new(HttpMethod.Post, "/v2/enqueue")
            {
                Content = Json(new { routing_key = Token, event_action = fires ? "trigger" : "resolve", dedup_key = key, payload = new { summary = $"{service} fails", source = service, severity = "critical" } }),
            };

        private static ByteArrayContent Json(object body) => new(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
