using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.Exposition;

/// <summary>The note behind an OpenMetrics sample, <c>{trace_id="…"} value seconds</c>: checked, not kept.</summary>
internal static class Exemplar
{
    /// <summary>Characters of all names and values together (OpenMetrics 1.0, section Exemplars).</summary>
    private const int MaxCharacters = 128;

    public static void Check(ReadOnlySpan<byte> text, ExpositionLimits limits)
    {
        if (text.IsEmpty || text[0] != '{')
            throw new LineRefused("After \" # \" an exemplar's labels were expected.");
        var end = SeriesText.LabelsEnd(text);
        var labels = new List<Label>();
        SeriesText.ReadLabels(text[..end], strict: true, limits, labels);
        var characters = labels.Sum(l => l.Name.EnumerateRunes().Count() + l.Value.EnumerateRunes().Count());
        if (characters > MaxCharacters)
            throw new LineRefused($"An exemplar's labels have {characters} characters; OpenMetrics allows {MaxCharacters}.");
        SampleLine.Numbers(text[end..], out _, out _);
    }
}
