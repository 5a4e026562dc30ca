using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>The note behind an OpenMetrics sample, <c># {trace_id="…"} value seconds</c>: one observation that was counted in it.</summary>
/// <param name="Series">The bucket or counter.</param>
/// <param name="Labels">Where to look, usually a trace; at most 128 characters together.</param>
/// <param name="Value">The observed value.</param>
/// <param name="Time">When, in milliseconds since 1970 by the service's clock; null when it did not say.</param>
public sealed record Exemplar(ScrapedSeries Series, LabelSet Labels, double Value, long? Time)
{
    /// <summary>Characters of all names and values together (OpenMetrics 1.0, section Exemplars).</summary>
    private const int MaxCharacters = 128;

    internal static Exemplar Read(ScrapedSeries series, ReadOnlySpan<byte> text, ExpositionLimits limits)
    {
        if (text.IsEmpty || text[0] != '{')
            throw new LineRefused("After \" # \" an exemplar's labels were expected.");
        var end = SeriesText.LabelsEnd(text);
        var labels = new List<Label>();
        SeriesText.ReadLabels(text[..end], strict: true, limits, labels);
        var characters = labels.Sum(l => l.Name.EnumerateRunes().Count() + l.Value.EnumerateRunes().Count());
        if (characters > MaxCharacters)
            throw new LineRefused($"An exemplar's labels have {characters} characters; OpenMetrics allows {MaxCharacters}.");
        SampleLine.Numbers(text[end..], out var value, out var time, out _);
        return new Exemplar(series, LabelSet.Of(labels), value, SampleLine.Milliseconds(time));
    }
}
