using System.Globalization;
using System.Text.Json;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Engine.Metrics.Forwarding;

/// <summary>Reads the answer of a Prometheus HTTP API that holds series with many samples each (<c>resultType</c> matrix).</summary>
internal static class PrometheusMatrix
{
    /// <summary>Adds samples between two instants to those found before, and returns how many; a value of <c>null</c> is left out.</summary>
    /// <exception cref="EngineAway">The answer is not one of a Prometheus.</exception>
    /// <exception cref="ExpressionRefused">It holds more samples than may be read.</exception>
    public static long Read(byte[] body, long from, long to, Dictionary<LabelSet, List<Sample>> found, long most, Selector selector)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var data = answer.RootElement.GetProperty("data");
            if (data.GetProperty("resultType").GetString() != "matrix")
            {
                throw new EngineAway("The metrics engine answered with something else than samples. Is its address that of a Prometheus HTTP API?");
            }

            var count = 0L;
            foreach (var one in data.GetProperty("result").EnumerateArray())
            {
                if (!one.TryGetProperty("values", out var values))
                {
                    continue; // a native histogram
                }

                var labels = LabelSet.Of(one.GetProperty("metric").EnumerateObject().Select(l => new Label(l.Name, l.Value.GetString()!)));
                if ((count += values.GetArrayLength()) > most)
                {
                    throw new ExpressionRefused($"{selector} reads more samples than one query may. Narrow it down with labels or ask for less time.", 0, RefusalKind.TooMuch);
                }

                if (!found.TryGetValue(labels, out var column))
                {
                    found[labels] = column = new(values.GetArrayLength());
                }

                foreach (var pair in values.EnumerateArray())
                {
                    var time = (long)Math.Round(pair[0].GetDouble() * 1000);
                    if (time >= from && time <= to && pair[1].ValueKind == JsonValueKind.String && (column.Count == 0 || column[^1].Time < time))
                    {
                        column.Add(new(time, Number(pair[1].GetString()!)));
                    }
                }
            }

            return count;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new EngineAway("The metrics engine answered with something that is not JSON of a Prometheus. Is its address that of a Prometheus HTTP API?", e);
        }
    }

    private static double Number(string text) => text switch
    {
        "NaN" => Samples.OrdinaryNaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
