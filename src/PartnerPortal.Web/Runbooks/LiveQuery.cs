using Markdig;
using Markdig.Syntax;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Runbooks;

/// <summary>What a query in a step says now.</summary>
/// <param name="Query">The query, its placeholders filled in.</param>
/// <param name="Values">Labels and figure of each series, at most <see cref="LiveQueries.MostSeries"/>.</param>
/// <param name="Found">How many series there are.</param>
/// <param name="Problem">Why there is no figure; null when there is one.</param>
public sealed record LiveQuery(string Query, IReadOnlyList<(string Labels, string Figure)> Values, int Found, string? Problem);

/// <summary>Asks the queries in the steps of a runbook: code blocks of the language <c>promql</c>, with $partner and $integration for where the incident is.</summary>
public sealed class LiveQueries(MetricBrowser metrics, TimeProvider clock)
{
    /// <summary>Most series of one query.</summary>
    public const int MostSeries = 10;

    /// <summary>Most queries of one page.</summary>
    public const int MostQueries = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string[] Known = ["partner", "integration"];

    /// <summary>The queries in a step's body.</summary>
    public static IReadOnlyList<string> In(string body)
    {
        try
        {
            return [.. Markdown.Parse(body).Descendants<FencedCodeBlock>().Where(b => b.Info?.Trim().Equals("promql", StringComparison.OrdinalIgnoreCase) == true)
                .Select(b => b.Lines.ToString().Trim()).Where(q => q.Length > 0).Take(MostQueries)];
        }
        catch (ArgumentException) // Markdig refuses what is nested deeper than anybody writes
        {
            return [];
        }
    }

    /// <summary>Asks one query; what goes wrong is a sentence, never a page that fails.</summary>
    public async Task<LiveQuery> AskAsync(string query, string partner, string integration, CancellationToken cancel)
    {
        var filled = query.Replace("$partner", partner, StringComparison.Ordinal).Replace("$integration", integration, StringComparison.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var (rows, found, _) = await metrics.AtAsync(partner, Expression.Parse(filled), clock.GetUtcNow(), limit.Token).WaitAsync(limit.Token);
            return new(filled, [.. rows.Take(MostSeries).Select(r => (Say(r.Labels), RuleTemplate.Figure(r.Value)))], found, found == 0 ? "No series has a value now." : null);
        }
        catch (ExpressionRefused refused)
        {
            return new(filled, [], 0, $"This query cannot be computed. {refused.Message}.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(filled, [], 0, "No answer within 2 s. Load the page again to ask anew.");
        }
        catch (NotThere absent)
        {
            return new(filled, [], 0, absent.Message);
        }
    }

    private static string Say(LabelSet labels) =>
        string.Join(", ", labels.Where(l => !Known.Contains(l.Name)).Select(l => l.Name == Label.MetricName ? l.Value : $"{l.Name} {l.Value}"));
}
