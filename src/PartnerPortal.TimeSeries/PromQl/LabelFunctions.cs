using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>label_replace and label_join: the same values under other labels.</summary>
internal static class LabelFunctions
{
    public static List<ComputedSeries> Replace(CallExpression call, List<ComputedSeries> series)
    {
        var (target, replacement, source, pattern) = (Text(call, 1), Text(call, 2), Text(call, 3), Text(call, 4));
        RegexText regex;
        try
        {
            regex = new RegexText(pattern);
        }
        catch (ArgumentException)
        {
            throw new ExpressionRefused($"invalid regular expression in label_replace(): {pattern}", call.Position, RefusalKind.Failed);
        }
        Valid(call, target, "destination");
        return Columns.Merged([.. series.Select(s => regex.Expand(s.Labels[source], replacement) is { } value
            ? new ComputedSeries(s.Labels.With(target, value), s.Values)
            : s)], call);
    }

    public static List<ComputedSeries> Join(CallExpression call, List<ComputedSeries> series)
    {
        var (target, separator) = (Text(call, 1), Text(call, 2));
        var sources = Enumerable.Range(3, call.Arguments.Count - 3).Select(i => Text(call, i)).ToList();
        foreach (var source in sources)
            Valid(call, source, "source");
        Valid(call, target, "destination");
        return Columns.Merged([.. series.Select(s => new ComputedSeries(
            s.Labels.With(target, string.Join(separator, sources.Select(name => s.Labels[name]))), s.Values))], call);
    }

    private static string Text(CallExpression call, int at) => ((TextExpression)call.Arguments[at].Bare).Value;

    private static void Valid(CallExpression call, string label, string what)
    {
        if (!Label.IsLabelName(label))
            throw new ExpressionRefused($"invalid {what} label name in {call.Function.Name}(): {label}", call.Position, RefusalKind.Failed);
    }
}
