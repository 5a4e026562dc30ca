using System.Globalization;
using System.Text;
using PartnerPortal.Data.Incidents;
using PartnerPortal.Data.Metrics;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Metrics;
using PartnerPortal.Engine.Metrics;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Incidents;

/// <summary>A line of the drawing: a path in a picture of 600 × 160, and its last value.</summary>
public sealed record DrawnLine(string Name, string Path, string Last, bool IsLimit);

/// <summary>The picture of an incident: the figure that its rule watches, an hour long.</summary>
/// <param name="Lines">At most six.</param>
/// <param name="Top">The value of the upper edge.</param>
/// <param name="Mark">Where it started, from 0 (left) to 600.</param>
/// <param name="From">The left edge.</param>
/// <param name="To">The right edge.</param>
public sealed record DrawnIncident(IReadOnlyList<DrawnLine> Lines, string Top, double? Mark, DateTimeOffset From, DateTimeOffset To);

/// <summary>Draws on the server, for the page that works without a circuit and without script.</summary>
public sealed class IncidentDrawing(RuleStore rules, ChartReading charts, MetricCatalogue catalogue)
{
    /// <summary>Width of the picture in its own units.</summary>
    public const int Width = 600;

    /// <summary>Height of the picture.</summary>
    public const int Height = 160;

    private const int MostLines = 6;
    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The picture; null when no rule raised any of its alerts, or its figures do not come.</summary>
    public async Task<DrawnIncident?> OfAsync(IncidentSheet sheet, DateTimeOffset now, CancellationToken cancel)
    {
        var alert = sheet.Alerts.FirstOrDefault(a => a.Source == Alert.FromRule);
        if (alert is null || sheet.Row is not { Partner: { } partner, Integration: { } integration })
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var rule = await rules.GetAsync(partner, alert.SourceName, limit.Token);
            var metrics = (await catalogue.MetricsAsync(partner, integration, limit.Token)).ToDictionary(m => m.Name);
            var to = sheet.Row.Incident.ResolvedAt is { } over && over + TimeSpan.FromMinutes(10) < now ? over + TimeSpan.FromMinutes(10) : now;
            return await DrawAsync(partner, AlertCharts.Plan(rule.Rule.Expression, alert.Title, metrics), alert.Onset.FirstBad, to - Shown, to, limit.Token);
        }
        catch (Exception e) when (e is NotThere or ExpressionRefused or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null; // the page matters more than its picture
        }
    }

    private async Task<DrawnIncident?> DrawAsync(string partner, Metrics.ChartPlan plan, DateTimeOffset began, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        List<(string Name, IReadOnlyList<TimeSeries.Sample> Points)> lines = [];
        foreach (var query in plan.Queries)
        {
            var drawn = await charts.ReadAsync(partner, Expression.Parse(query.Query), from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds(), 200, cancel);
            lines.AddRange(drawn.Lines.Take(MostLines - lines.Count).Select(l => (query.Name ?? "", l.Points)));
        }

        var values = lines.SelectMany(l => l.Points).Where(p => double.IsFinite(p.Value)).ToList();
        if (values.Count == 0)
        {
            return null;
        }

        var (low, top) = (Math.Min(0, values.Min(v => v.Value)), values.Max(v => v.Value));
        top = top - low < 1e-12 ? low + 1 : top;
        double X(long time) => (double)(time - from.ToUnixTimeMilliseconds()) / (to - from).TotalMilliseconds * Width;
        double Y(double value) => Height - (value - low) / (top - low) * (Height - 8) - 2;
        var mark = began >= from && began <= to ? X(began.ToUnixTimeMilliseconds()) : (double?)null;
        return new(
            [.. lines.Select(l => new DrawnLine(l.Name, PathOf(l.Points, X, Y), l.Points.LastOrDefault(p => double.IsFinite(p.Value)) is var last ? RuleTemplate.Figure(last.Value) : "", l.Name == "limit"))],
            RuleTemplate.Figure(top), mark, from, to);
    }

    // What is missing is a hole in the line, never a straight line over it.
    private static string PathOf(IReadOnlyList<TimeSeries.Sample> points, Func<long, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        var open = false;
        foreach (var point in points)
        {
            if (!double.IsFinite(point.Value))
            {
                open = false;
                continue;
            }

            path.Append(open ? 'L' : 'M').Append(CultureInfo.InvariantCulture, $"{x(point.Time):0.#} {y(point.Value):0.#}");
            open = true;
        }

        return path.ToString();
    }
}
