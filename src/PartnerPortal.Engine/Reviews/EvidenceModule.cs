using System.Net;
using PartnerPortal.Data.Reviews;
using PartnerPortal.Engine.Running;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Engine.Reviews;

/// <summary>Looks once a week whether the evidence of open reviews can still be read. Only what is surely gone counts as an error: a page behind a sign-in proves as much as an open one.</summary>
public sealed class EvidenceModule(AnswerWatchStore answers, GuardedHttpClient http) : IEngineModule
{
    private const int MostAtOnce = 20;

    /// <inheritdoc/>
    public string Name => "evidence";

    /// <inheritdoc/>
    public TimeSpan Every => TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var due in await answers.DueEvidenceAsync(MostAtOnce, cancel))
        {
            string? error = null;
            foreach (var evidence in due.Evidence)
            {
                error ??= await FaultOfAsync(evidence, cancel);
            }

            await answers.NoteAsync(due, error, cancel);
        }
    }

    private async Task<string?> FaultOfAsync(string evidence, CancellationToken cancel)
    {
        if (evidence.StartsWith('/'))
        {
            return Guid.TryParse(evidence[(evidence.LastIndexOf('/') + 1)..], out var file) && await answers.HasFileAsync(file, cancel) ? null : "An attached file is gone.";
        }

        try
        {
            var limits = OutboundLimits.Within(TimeSpan.FromSeconds(5)) with { MaxBytes = 64 * 1024 };
            await using var answer = await http.SendAsync(OutboundRequest.Get(new Uri(evidence)) with { Limits = limits, Destination = "evidence" }, cancel);
            return answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? $"{evidence} answered {(int)answer.Status}." : null;
        }
        catch (OutboundException)
        {
            // Refused, slow or unreachable from here says nothing about the page.
            return null;
        }
    }
}
