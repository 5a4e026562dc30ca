using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Incidents;

/// <summary>Conditions on the labels of an alert, as silences and inhibitions have them.</summary>
internal static class AlertMatch
{
    /// <summary>The labels that conditions see: the alert's own, and partner, integration, source, severity and alertname.</summary>
    public static IReadOnlyDictionary<string, string> Labels(Alert alert, string partner, string integration)
    {
        var labels = new Dictionary<string, string>(alert.Labels)
        {
            ["partner"] = partner,
            ["integration"] = integration,
            ["source"] = alert.Source,
            ["severity"] = Words.Of(alert.Severity),
        };
        labels.TryAdd("alertname", alert.Title);
        return labels;
    }

    /// <summary>Whether all conditions hold; a label that is missing is empty, as in Prometheus.</summary>
    public static bool All(IReadOnlyList<string> matchers, IReadOnlyDictionary<string, string> labels) => Parse(matchers).All(m => m.Matches(labels.GetValueOrDefault(m.Name, "")));

    /// <summary>Checks conditions that were typed, one each.</summary>
    public static IReadOnlyList<string> Check(FieldCheck check, string field, IReadOnlyList<string>? typed)
    {
        List<string> matchers = [.. (typed ?? []).Select(m => m.Trim().Trim('{', '}')).Where(m => m.Length > 0)];
        if (matchers.Count > 20 || matchers.Exists(m => m.Length > 500))
        {
            check.Refuse(field, "Keep it to 20 conditions of at most 500 characters.");
            return [];
        }

        try
        {
            Parse(matchers);
        }
        catch (Exception wrong) when (wrong is ExpressionRefused or ArgumentException)
        {
            check.Refuse(field, $"Write conditions like service=\"pay\" or alertname=~\"Disk.*\": {wrong.Message}");
        }

        return matchers;
    }

    private static IReadOnlyList<LabelMatcher> Parse(IReadOnlyList<string> matchers) =>
        matchers.Count == 0 ? [] : ((SelectorExpression)Expression.Parse($"{{{string.Join(',', matchers)}}}")).Selector.Matchers;
}
