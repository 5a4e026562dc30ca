using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using PartnerPortal.Engine.Metrics;

namespace PartnerPortal.Web.Metrics;

/// <summary>Writes the lines of a chart as JSON straight into the answer: <c>{"series":[{"labels":{…},"points":[[ms,value],…]},…]}</c>, a gap as null; and <c>"warnings":[…]</c> when there are any.</summary>
internal static class ChartPoints
{
    private const int Chunk = 16 * 1024;
    private const int Point = 2 * PrometheusNumbers.Longest + 8;
    private const int Unsent = 256 * 1024;

    public static async Task WriteAsync(HttpContext http, DrawnChart answer)
    {
        var lines = answer.Lines;
        http.Response.ContentType = "application/json; charset=utf-8";
        var to = http.Response.BodyWriter;
        to.Write("{\"series\":["u8);
        for (var i = 0; i < lines.Count; i++)
        {
            Labels(to, lines[i], i > 0);
            Points(to, lines[i]);
            if (to.UnflushedBytes > Unsent)
            {
                await to.FlushAsync(http.RequestAborted);
            }
        }

        to.Write("]"u8);
        for (var i = 0; i < answer.Warnings.Count; i++)
        {
            to.Write(i == 0 ? ",\"warnings\":[\""u8 : ",\""u8);
            to.Write(Encoded(answer.Warnings[i]));
            to.Write(i == answer.Warnings.Count - 1 ? "\"]"u8 : "\""u8);
        }

        to.Write("}"u8);
        await to.FlushAsync(http.RequestAborted);
    }

    private static void Labels(PipeWriter to, ChartSeries line, bool more)
    {
        to.Write(more ? ",{\"labels\":{"u8 : "{\"labels\":{"u8);
        for (var i = 0; i < line.Labels.Count; i++)
        {
            to.Write(i == 0 ? "\""u8 : ",\""u8);
            to.Write(Encoded(line.Labels[i].Name));
            to.Write("\":\""u8);
            to.Write(Encoded(line.Labels[i].Value));
            to.Write("\""u8);
        }

        to.Write("},\"points\":["u8);
    }

    private static void Points(PipeWriter to, ChartSeries line)
    {
        var span = to.GetSpan(Chunk);
        var at = 0;
        for (var i = 0; i < line.Points.Count; i++)
        {
            if (at + Point > span.Length)
            {
                to.Advance(at);
                span = to.GetSpan(Chunk);
                at = 0;
            }

            at += Write(line.Points[i].Time, line.Points[i].Value, i > 0, span[at..]);
        }

        to.Advance(at);
        to.Write("]}"u8);
    }

    private static int Write(long time, double value, bool more, Span<byte> to)
    {
        var at = 0;
        if (more)
        {
            to[at++] = (byte)',';
        }

        to[at++] = (byte)'[';
        if (time < 0)
        {
            to[at++] = (byte)'-';
        }

        at += PrometheusNumbers.WriteDigits((ulong)Math.Abs(time), to[at..]);
        to[at++] = (byte)',';
        if (double.IsFinite(value))
        {
            at += PrometheusNumbers.Write(value, to[at..]);
        }
        else
        {
            // JSON has no infinity; like a missing value it cannot be drawn.
            "null"u8.CopyTo(to[at..]);
            at += 4;
        }

        to[at++] = (byte)']';
        return at;
    }

    private static ReadOnlySpan<byte> Encoded(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.Default).EncodedUtf8Bytes;
}
