using PartnerPortal.Domain.Audit;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What a person wants a saved chart to be; what is null is left as it is.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Lines">What it shows.</param>
/// <param name="BothSides">One line per side, and their difference.</param>
public sealed record ChartDraft(string? Title = null, IReadOnlyList<ChartLine>? Lines = null, bool? BothSides = null);

/// <summary>A chart that people keep on an integration's operations page.</summary>
public sealed class SavedChart : IAudited
{
    /// <summary>Most metrics on one chart.</summary>
    public const int MostLines = 4;

    /// <summary>Most charts of one integration.</summary>
    public const int MostPerIntegration = 40;

    /// <summary>The longest expression on a chart, in characters.</summary>
    public const int LongestQuery = 4000;

    private SavedChart()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner it belongs to.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration it stands under.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>Its heading.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What it shows, 1 to <see cref="MostLines"/>.</summary>
    public IReadOnlyList<ChartLine> Lines { get; private set; } = [];

    /// <summary>Whether it compares the sides: one line for ours, one for theirs, and their difference.</summary>
    public bool BothSides { get; private set; }

    /// <summary>Its place on the page, from 0.</summary>
    public int Place { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("chart", Id, Title, PartnerId);

    /// <summary>Saves a chart at a place.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static SavedChart Enter(Guid partnerId, Guid integrationId, ChartDraft draft, int place, DateTimeOffset at)
    {
        if (place >= MostPerIntegration)
        {
            throw new RuleBroken($"An integration keeps at most {MostPerIntegration} charts. Remove one that nobody looks at.");
        }

        var chart = new SavedChart { Id = Guid.CreateVersion7(at), PartnerId = partnerId, IntegrationId = integrationId, Place = place };
        chart.Change(draft with { Lines = draft.Lines ?? [] });
        return chart;
    }

    /// <summary>Changes what the draft names; without a title the first metric gives one.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(ChartDraft draft)
    {
        var check = new FieldCheck();
        Lines = draft.Lines is null ? Lines : Check(check, draft.Lines);
        BothSides = draft.BothSides ?? BothSides;
        var title = draft.Title is null ? Title : check.Text("title", draft.Title, 120);
        Title = title.Length > 0 || Lines.Count == 0 ? title : Lines[0].Query is { } query ? query[..Math.Min(query.Length, 120)] : Lines[0].Metric;
        check.ThrowIfRefused();
    }

    /// <summary>Moves it to another place.</summary>
    public void MoveTo(int place) => Place = place;

    private static List<ChartLine> Check(FieldCheck check, IReadOnlyList<ChartLine> lines)
    {
        if (lines.Count is 0 or > MostLines)
        {
            check.Refuse("lines", lines.Count == 0 ? "Pick the metric to show." : $"A chart shows at most {MostLines} metrics; save another chart for the rest.");
        }

        for (var i = 0; i < Math.Min(lines.Count, MostLines); i++)
        {
            if (lines[i].Query is { } query)
            {
                CheckQuery(check, $"lines[{i}].query", query);
                continue;
            }

            if (!Label.IsMetricName(lines[i].Metric) || lines[i].Metric.Length > 200)
            {
                check.Refuse($"lines[{i}].metric", "Pick the metric to show.");
            }

            if (lines[i].Quantile is not (>= 0 and <= 1))
            {
                check.Refuse($"lines[{i}].quantile", "A quantile lies between 0 and 1, for example 0.95.");
            }

            if (lines[i].Labels is { } labels && (labels.Count > 20 || labels.Any(l => !Label.IsLabelName(l.Key) || l.Value.Length > 2048)))
            {
                check.Refuse($"lines[{i}].labels", "Pick labels that the metric has, at most 20.");
            }
        }

        return [.. lines];
    }

    private static void CheckQuery(FieldCheck check, string field, string query)
    {
        if (query.Length > LongestQuery)
        {
            check.Refuse(field, $"Use at most {LongestQuery} characters.");
            return;
        }

        try
        {
            if (Expression.Parse(query).Type is ExpressionType.RangeVector or ExpressionType.Text)
            {
                check.Refuse(field, "A chart needs one value per instant: put a function such as rate( ) around the range.");
            }
        }
        catch (ExpressionRefused refused)
        {
            check.Refuse(field, refused.Message);
        }
    }
}
