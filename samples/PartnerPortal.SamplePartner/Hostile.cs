using System.IO.Compression;
using System.Text;

namespace PartnerPortal.SamplePartner;

/// <summary>Metrics services as bad as they come, one per path under /hostile/metrics, for those who must survive them.</summary>
internal static class Hostile
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapHostile(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/hostile/metrics");
        group.MapGet("/hang", http => Task.Delay(Timeout.Infinite, Gone(http)));
        group.MapGet("/slow-headers", async http =>
        {
            await Task.Delay(TimeSpan.FromSeconds(45), Gone(http));
            await SendAsync(http, Text, "late 1\n"u8.ToArray());
        });
        group.MapGet("/trickle", TrickleAsync);
        group.MapGet("/huge", HugeAsync);
        group.MapGet("/gzip-bomb", GzipBombAsync);
        group.MapGet("/html", http => SendAsync(http, "text/html; charset=utf-8",
            "<!doctype html><html><head><title>Sign in to Tunes</title></head><body><form>Email <input></form></body></html>\n"u8.ToArray()));
        group.MapGet("/broken-line", (TunesMetrics metrics) =>
            Results.Text(BreakALine(Exposition.Write(metrics.Families, openMetrics: false)), Text));
        group.MapGet("/wrong-type", http => SendAsync(http, Text, """{"requests":{"searchTracks":1204,"createPurchase":87}}"""u8.ToArray()));
        group.MapGet("/protobuf", http => SendAsync(http,
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited", ProtobufCounter()));
        group.MapGet("/redirect", () => Results.Redirect("http://169.254.169.254/latest/meta-data/"));
    }

    /// <summary>Ends the page with a line that has no closing brace, as a writer that died half-way leaves it, and one good line after it.</summary>
    public static string BreakALine(string page) => page + "tunes_requests_total{operation=\"searchTracks\",code=\"200 17\nlast_line 1\n";

    private static async Task TrickleAsync(HttpContext http)
    {
        http.Response.ContentType = Text;
        for (var n = 0; ; n++)
        {
            foreach (var letter in $"drops_total{{n=\"{n}\"}} {n}\n")
            {
                await http.Response.Body.WriteAsync(new[] { (byte)letter }, Gone(http));
                await http.Response.Body.FlushAsync(Gone(http));
                await Task.Delay(300, Gone(http));
            }
        }
    }

    /// <summary>Ten gigabytes of good lines, every series another one.</summary>
    private static async Task HugeAsync(HttpContext http)
    {
        http.Response.ContentType = Text;
        var n = 0L;
        for (var sent = 0L; sent < 10_000_000_000;)
        {
            var lines = new StringBuilder(70_000);
            while (lines.Length < 65_536)
            {
                lines.Append("flood_total{session=\"").Append(n++).Append("\"} 1\n");
            }
            var block = Encoding.ASCII.GetBytes(lines.ToString());
            await http.Response.Body.WriteAsync(block, Gone(http));
            sent += block.Length;
        }
    }

    /// <summary>A gigabyte of comment that travels as about a megabyte.</summary>
    private static async Task GzipBombAsync(HttpContext http)
    {
        http.Response.ContentType = Text;
        http.Response.Headers.ContentEncoding = "gzip";
        var block = new byte[1 << 20];
        Array.Fill(block, (byte)'#');
        block[^1] = (byte)'\n';
        await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Optimal);
        for (var n = 0; n < 1024; n++)
        {
            await gzip.WriteAsync(block, Gone(http));
        }
    }

    /// <summary>One delimited MetricFamily: name 1, help 2, type 3 (counter), metric 4 with counter 3 with value 1.</summary>
    private static byte[] ProtobufCounter()
    {
        byte[] name = [0x0A, 14, .. "tunes_requests"u8];
        byte[] help = [0x12, 5, .. "Calls"u8];
        byte[] metric = [0x22, 11, 0x1A, 9, 0x09, .. BitConverter.GetBytes(1204.0)];
        byte[] family = [.. name, .. help, 0x18, 0, .. metric];
        return [(byte)family.Length, .. family];
    }

    private static async Task SendAsync(HttpContext http, string contentType, byte[] body)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, Gone(http));
    }

    private static CancellationToken Gone(HttpContext http) => http.RequestAborted;
}
