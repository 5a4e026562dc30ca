using System.Globalization;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What a person or program wants of a source's limits; null is left as it is (or at its default).</summary>
/// <param name="BodyBytes">Bytes of a page, after decompression: 1,000 to 64 MiB.</param>
/// <param name="Samples">Samples of a page: 1 to 200,000.</param>
/// <param name="Labels">Labels of one series: 1 to 200.</param>
/// <param name="NameBytes">Bytes of a metric's or label's name: 10 to 1,000.</param>
/// <param name="ValueBytes">Bytes of a label's value: 10 to 65,536.</param>
public sealed record LimitsDraft(int? BodyBytes = null, int? Samples = null, int? Labels = null, int? NameBytes = null, int? ValueBytes = null);

/// <summary>What one scrape of a source may bring at most; a page that brings more is refused whole, with the reason.</summary>
/// <param name="BodyBytes">Bytes of a page, after decompression.</param>
/// <param name="Samples">Samples of a page.</param>
/// <param name="Labels">Labels of one series, its name not counted.</param>
/// <param name="NameBytes">Bytes of a metric's or label's name.</param>
/// <param name="ValueBytes">Bytes of a label's value.</param>
public sealed record SourceLimits(int BodyBytes, int Samples, int Labels, int NameBytes, int ValueBytes)
{
    /// <summary>The limits of a source for which nobody chose others.</summary>
    public static SourceLimits Default { get; } = new(
        ExpositionLimits.Default.Bytes, ExpositionLimits.Default.Samples, ExpositionLimits.Default.Labels, ExpositionLimits.Default.NameBytes, ExpositionLimits.Default.ValueBytes);

    /// <summary>The same for the parser.</summary>
    public ExpositionLimits OfPages() => new() { Bytes = BodyBytes, Samples = Samples, Labels = Labels, NameBytes = NameBytes, ValueBytes = ValueBytes };

    internal SourceLimits With(FieldCheck check, LimitsDraft draft) => new(
        Within(check, "bodyBytes", draft.BodyBytes, BodyBytes, 1000, 64 * 1024 * 1024),
        Within(check, "samples", draft.Samples, Samples, 1, 200_000),
        Within(check, "labels", draft.Labels, Labels, 1, 200),
        Within(check, "nameBytes", draft.NameBytes, NameBytes, 10, 1000),
        Within(check, "valueBytes", draft.ValueBytes, ValueBytes, 10, 65_536));

    private static int Within(FieldCheck check, string field, int? wanted, int otherwise, int least, int most)
    {
        if (wanted is not { } number)
        {
            return otherwise;
        }

        if (number < least || number > most)
        {
            check.Refuse("limits." + field, string.Create(CultureInfo.InvariantCulture, $"Choose {least:N0} to {most:N0}."));
        }

        return number;
    }
}
