using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.Engine.Metrics;

/// <summary>Labels that a writer cannot choose. What it sent under their names steps aside, as Prometheus does it: <c>partner</c> becomes <c>exported_partner</c>.</summary>
public static class BoundLabels
{
    /// <summary>Forces labels upon a series.</summary>
    public static LabelSet Force(LabelSet sent, params ReadOnlySpan<(string Name, string Value)> forced)
    {
        var labels = sent;
        foreach (var (name, value) in forced)
        {
            var given = labels[name];
            if (given == value)
            {
                continue;
            }

            if (given.Length > 0)
            {
                var aside = "exported_" + name;
                while (labels[aside].Length > 0)
                {
                    aside = "exported_" + aside;
                }

                labels = labels.With(aside, given);
            }

            labels = labels.With(name, value);
        }

        return labels;
    }
}
