using System.IO.Compression;
using System.Net;
using System.Text;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

public sealed class GuardedHttpClientTests
{
    private static readonly OutboundLimits Quick = new()
    {
        Connect = TimeSpan.FromSeconds(2),
        FirstByte = TimeSpan.FromMilliseconds(400),
        Total = TimeSpan.FromMilliseconds(800),
        MaxBytes = 64 * 1024,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_comes_with_status_headers_body_and_times()
    {
        await using var server = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Type: text/plain; version=0.0.4\nX-Two: a\nX-Two: b\nContent-Length: 5", "up 1\n"u8.ToArray());
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url()), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("text/plain; version=0.0.4", answer.ContentType);
        Assert.Equal(["a", "b"], answer.Headers["x-two"]);
        Assert.Equal("up 1\n", Encoding.UTF8.GetString(await answer.ReadBytesAsync(Stop)));
        var times = answer.Timings;
        Assert.NotNull(times.Resolve);
        Assert.NotNull(times.Connect);
        Assert.Null(times.Tls);
        Assert.True(times.FirstByte >= times.Resolve + times.Connect);
        Assert.True(times.Total >= times.FirstByte);
    }

    [Fact]
    public async Task The_request_carries_our_headers_and_body_and_asks_for_packed_answers()
    {
        var heads = new List<string>();
        await using var server = new ScriptedServer(async (stream, head, stop) =>
        {
            var body = new byte[4];
            await stream.ReadExactlyAsync(body, stop);
            heads.Add(head + Encoding.ASCII.GetString(body));
            await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), stop);
        });
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed), resolve: Loopback);
        await using var answer = await client.SendAsync(new OutboundRequest(HttpMethod.Post, server.Url("/buy?id=1", "shop.test"))
        {
            Headers = [new("Authorization", "Bearer x"), new("Content-Type", "application/json")],
            Body = "{}\r\n"u8.ToArray(),
        }, Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var head = Assert.Single(heads);
        Assert.StartsWith("POST /buy?id=1 HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Host: shop.test:{server.Port}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer x\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: gzip, br\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", head, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("{}\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task A_packed_answer_is_unpacked(string encoding)
    {
        var text = string.Concat(Enumerable.Repeat("up{job=\"shop\"} 1\n", 500));
        var body = Pack(encoding, Encoding.UTF8.GetBytes(text));
        await using var server = ScriptedServer.Saying($"HTTP/1.1 200 OK\nContent-Encoding: {encoding}\nContent-Length: {body.Length}", body);
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url()), Stop);
        Assert.Equal(text, Encoding.UTF8.GetString(await answer.ReadBytesAsync(Stop)));
    }

    [Theory]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("nonsense")]
    public async Task A_nested_or_unknown_packing_is_refused(string encoding)
    {
        await using var server = ScriptedServer.Saying($"HTTP/1.1 200 OK\nContent-Encoding: {encoding}\nContent-Length: 1", [1]);
        Assert.Equal(OutboundFailure.UnknownEncoding, (await FailAsync(server)).Failure);
    }

    [Fact]
    public async Task Two_encoding_headers_count_as_nested()
    {
        await using var server = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Encoding: gzip\nContent-Length: 1", [1]);
        Assert.Equal(OutboundFailure.UnknownEncoding, (await FailAsync(server)).Failure);
    }

    [Fact]
    public async Task A_redirect_comes_back_as_it_is_and_nobody_follows_it()
    {
        await using var canary = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        await using var server = ScriptedServer.Saying($"HTTP/1.1 302 Found\nLocation: {canary.Url()}\nContent-Length: 0", []);
        using var client = new GuardedHttpClient(AllowedList.Parse($"{server.Allowed},{canary.Allowed}"));
        await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url()), Stop);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal(canary.Url().ToString(), answer.Header("location"));
        Assert.Equal(0, canary.Accepted);
    }

    [Fact]
    public async Task A_server_that_accepts_and_says_nothing_is_given_up()
    {
        await using var server = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        var fault = await FailAsync(server);
        Assert.Equal(OutboundFailure.FirstByteTimeout, fault.Failure);
        Assert.Equal("127.0.0.1 accepted the connection but did not begin to answer within 400 ms.", fault.Message);
        Assert.InRange(fault.Timings!.Total.TotalMilliseconds, 300, 5000);
    }

    [Fact]
    public async Task A_server_that_trickles_its_head_is_given_up()
    {
        await using var server = new ScriptedServer((stream, _, stop) => TrickleAsync(stream, "HTTP/1.1 200 OK\r\nX-Long: "u8.ToArray(), stop));
        Assert.Equal(OutboundFailure.FirstByteTimeout, (await FailAsync(server)).Failure);
    }

    [Fact]
    public async Task A_server_that_trickles_its_body_is_given_up_and_the_sentence_says_how_much_came()
    {
        await using var server = new ScriptedServer((stream, _, stop) => TrickleAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nupup"u8.ToArray(), stop));
        var fault = await FailAsync(server);
        Assert.Equal(OutboundFailure.TotalTimeout, fault.Failure);
        Assert.Matches(@"did not finish within 800 ms \(\d+ bytes came\)", fault.Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 1000", OutboundFailure.BrokenOff)]
    [InlineData("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", OutboundFailure.BrokenOff)]
    [InlineData("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 5", OutboundFailure.BrokenOff)]
    [InlineData("SSH-2.0-OpenSSH_9.2", OutboundFailure.NotHttp)]
    [InlineData("HTTP/1.1 twohundred OK", OutboundFailure.NotHttp)]
    public async Task An_answer_that_breaks_off_or_is_not_HTTP_has_its_own_reason(string head, OutboundFailure failure)
    {
        await using var server = ScriptedServer.Saying(head, [1, 2, 3, 4, 5]);
        Assert.Equal(failure, (await FailAsync(server)).Failure);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_packed_answer_that_ends_too_early_is_no_answer(string encoding)
    {
        var body = Pack(encoding, Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 3000))))[..^20];
        await using var server = ScriptedServer.Saying($"HTTP/1.1 200 OK\nContent-Encoding: {encoding}\nContent-Length: {body.Length}", body);
        Assert.Equal(OutboundFailure.BrokenOff, (await FailAsync(server)).Failure);
    }

    [Fact]
    public async Task A_connection_cut_before_the_answer_has_its_own_reason()
    {
        await using var server = new ScriptedServer((_, _, _) => Task.CompletedTask);
        Assert.Equal(OutboundFailure.BrokenOff, (await FailAsync(server)).Failure);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_has_its_own_reason()
    {
        var server = ScriptedServer.Saying("HTTP/1.1 200 OK", []);
        await server.DisposeAsync();
        using var client = new GuardedHttpClient(AllowedList.Parse("127.0.0.1"));
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(new Uri("http://127.0.0.1:9/")), Stop));
        Assert.Equal(OutboundFailure.ConnectionRefused, fault.Failure);
        Assert.Equal("127.0.0.1 refuses connections on port 9: nothing listens there.", fault.Message);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Content-Length", "1")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("X-Note", "a\r\nX-Smuggled: b")]
    [InlineData("X-Note\r\nX-Smuggled", "b")]
    public async Task A_header_that_could_break_the_framing_is_refused_before_anything_is_sent(string name, string value)
    {
        await using var server = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(server.Url()) with { Headers = [new(name, value)] }, Stop));
        Assert.Equal(OutboundFailure.BadRequest, fault.Failure);
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_a_cancellation()
    {
        await using var server = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(OutboundRequest.Get(server.Url()), caller.Token));
    }

    [Fact]
    public async Task The_sentence_never_holds_what_the_partner_or_we_sent()
    {
        await using var server = ScriptedServer.Saying("HTTP/1.1 200 OK\nX-Secret: hush\nContent-Length: 1000", "hush hush"u8.ToArray());
        var fault = await FailAsync(server, server.Url("/metrics?token=hush"));
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            Assert.DoesNotContain("hush", e.Message, StringComparison.Ordinal);
        }
    }

    internal static Task<IPAddress[]> Loopback(string host, CancellationToken cancellation) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

    internal static byte[] Pack(string encoding, byte[] plain)
    {
        using var packed = new MemoryStream();
        using (Stream packer = encoding switch
        {
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "identity" => new BufferedStream(packed),
            _ => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            packer.Write(plain);
            packer.Flush();
            if (encoding == "identity")
            {
                return packed.ToArray();
            }
        }

        return packed.ToArray();
    }

    private static async Task<OutboundException> FailAsync(ScriptedServer server, Uri? url = null)
    {
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        return await Assert.ThrowsAsync<OutboundException>(async () =>
        {
            await using var answer = await client.SendAsync(OutboundRequest.Get(url ?? server.Url()) with { Limits = Quick }, Stop);
            await answer.ReadBytesAsync(Stop);
        });
    }

    private static async Task TrickleAsync(Stream stream, byte[] start, CancellationToken stop)
    {
        await stream.WriteAsync(start, stop);
        while (!stop.IsCancellationRequested)
        {
            await stream.WriteAsync("x"u8.ToArray(), stop);
            await Task.Delay(20, stop);
        }
    }
}
