using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using PartnerPortal.TimeSeries;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Web.Metrics;

/// <summary>Writes answers in the shape of Prometheus's API, values without a detour through strings: the text is most of a query's cost.</summary>
internal sealed class PrometheusAnswer(PipeWriter to)
{
    private const int Chunk = 16 * 1024;
    private const int Point = 2 * PrometheusNumbers.Longest + 8;
    private const int Unsent = 256 * 1024;

    public static async Task WriteAsync(HttpContext http, QueryAnswer answer, bool ranged)
    {
        http.Response.ContentType = "application/json";
        var writer = new PrometheusAnswer(http.Response.BodyWriter);
        await writer.WriteAsync(answer, ranged, http.RequestAborted);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private async Task WriteAsync(QueryAnswer answer, bool ranged, CancellationToken cancel)
    {
        var matrix = ranged || answer.Type == ExpressionType.RangeVector;
        Raw("{\"status\":\"success\",\"data\":{\"resultType\":\""u8);
        Raw(matrix ? "matrix"u8 : answer.Type switch
        {
            ExpressionType.Scalar => "scalar"u8,
            ExpressionType.Text => "string"u8,
            _ => "vector"u8,
        });
        Raw("\",\"result\":"u8);
        if (matrix)
        {
            await MatrixAsync(answer, cancel);
        }
        else if (answer.Type == ExpressionType.InstantVector)
        {
            await VectorAsync(answer, cancel);
        }
        else
        {
            Single(answer);
        }

        Raw("}"u8);
        Warnings(answer.Warnings);
        Raw("}"u8);
    }

    private async Task MatrixAsync(QueryAnswer answer, CancellationToken cancel)
    {
        Raw("["u8);
        var first = true;
        using var stems = answer.Series.Count < 2 ? null : new PointStems(answer.Steps);
        foreach (var series in answer.Series)
        {
            Metric(series.Labels, ref first);
            Raw(",\"values\":["u8);
            Points(series.Values, answer.Steps, stems);
            Raw("]}"u8);
            await SendAsync(cancel);
        }

        foreach (var series in answer.Ranges)
        {
            Metric(series.Labels, ref first);
            Raw(",\"values\":["u8);
            Points(series.Samples);
            Raw("]}"u8);
            await SendAsync(cancel);
        }

        Raw("]"u8);
    }

    private async Task VectorAsync(QueryAnswer answer, CancellationToken cancel)
    {
        Raw("["u8);
        var first = true;
        foreach (var series in answer.Series)
        {
            Metric(series.Labels, ref first);
            Raw(",\"value\":"u8);
            Pair(answer.Steps.From, series.Values[0]);
            Raw("}"u8);
            await SendAsync(cancel);
        }

        Raw("]"u8);
    }

    /// <summary>A scalar or a text: Prometheus writes these by another way, without exponents and without zeros behind the time.</summary>
    private void Single(QueryAnswer answer)
    {
        Raw("["u8);
        var span = to.GetSpan(PrometheusNumbers.LongestPlain);
        to.Advance(PrometheusNumbers.Write(answer.Steps.From / 1000d, span));
        Raw(","u8);
        if (answer.Type == ExpressionType.Text)
        {
            Text(answer.Text);
        }
        else
        {
            Raw("\""u8);
            to.Advance(PrometheusNumbers.Write(answer.Series[0].Values[0], to.GetSpan(PrometheusNumbers.LongestPlain), plain: true));
            Raw("\""u8);
        }

        Raw("]"u8);
    }

    private void Pair(long time, double value)
    {
        var span = to.GetSpan(Point);
        to.Advance(WritePoint(span, time, value));
    }

    private void Points(double[] values, Steps steps, PointStems? stems)
    {
        var span = to.GetSpan(Chunk);
        var (at, first) = (0, true);
        for (var i = 0; i < values.Length; i++)
        {
            if (Samples.IsStale(values[i]))
            {
                continue;
            }

            Room(ref span, ref at);
            if (!first)
            {
                span[at++] = (byte)',';
            }

            first = false;
            at += stems is null ? PointStems.Write(steps[i], span[at..]) : stems.Write(i, span[at..]);
            at += PrometheusNumbers.Write(values[i], span[at..]);
            span[at++] = (byte)'"';
            span[at++] = (byte)']';
        }

        to.Advance(at);
    }

    private void Points(Sample[] samples)
    {
        var span = to.GetSpan(Chunk);
        var at = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            Room(ref span, ref at);
            if (i > 0)
            {
                span[at++] = (byte)',';
            }

            at += WritePoint(span[at..], samples[i].Time, samples[i].Value);
        }

        to.Advance(at);
    }

    private void Room(ref Span<byte> span, ref int at)
    {
        if (at + Point <= span.Length)
        {
            return;
        }

        to.Advance(at);
        span = to.GetSpan(Chunk);
        at = 0;
    }

    private static int WritePoint(Span<byte> span, long time, double value)
    {
        span[0] = (byte)'[';
        var at = 1 + PrometheusNumbers.WriteTime(time, span[1..]);
        span[at++] = (byte)',';
        span[at++] = (byte)'"';
        at += PrometheusNumbers.Write(value, span[at..]);
        span[at++] = (byte)'"';
        span[at++] = (byte)']';
        return at;
    }

    private void Metric(LabelSet labels, ref bool first)
    {
        Raw(first ? "{\"metric\":{"u8 : ",{\"metric\":{"u8);
        first = false;
        for (var i = 0; i < labels.Count; i++)
        {
            Raw(i == 0 ? ""u8 : ","u8);
            Text(labels[i].Name);
            Raw(":"u8);
            Text(labels[i].Value);
        }

        Raw("}"u8);
    }

    private void Warnings(IReadOnlyList<string> warnings)
    {
        for (var i = 0; i < warnings.Count; i++)
        {
            Raw(i == 0 ? ",\"warnings\":["u8 : ","u8);
            Text(warnings[i]);
        }

        Raw(warnings.Count > 0 ? "]"u8 : ""u8);
    }

    private void Text(string value)
    {
        Raw("\""u8);
        to.Write(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        Raw("\""u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes) => to.Write(bytes);

    private async ValueTask SendAsync(CancellationToken cancel)
    {
        if (to.UnflushedBytes > Unsent)
        {
            await to.FlushAsync(cancel);
        }
    }
}
