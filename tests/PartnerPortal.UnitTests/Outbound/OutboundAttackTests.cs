using System.Net;
using System.Text;
using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.UnitTests.Outbound;

[Collection(nameof(MeasuresMemory))]
public sealed class OutboundAttackTests
{
    private const long Tolerated = 50 * 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_turns_to_loopback_after_it_was_checked_reaches_nobody()
    {
        await using var canary = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        var answers = new Queue<IPAddress>([IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]);
        ResolveName rebinding = (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]);
        Assert.Null(await new OutboundAddress(AllowedList.Empty, rebinding).CheckAsync(canary.Url(host: "rebind.test").ToString(), Stop));
        using var client = new GuardedHttpClient(AllowedList.Empty, resolve: rebinding);
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(canary.Url(host: "rebind.test")), Stop));
        Assert.Equal(OutboundFailure.AddressRefused, fault.Failure);
        Assert.Contains($"Portal__Outbound__Allowed=rebind.test:{canary.Port}", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, canary.Accepted);
    }

    [Fact]
    public async Task The_connection_is_made_with_one_look_up_and_to_an_address_that_passed()
    {
        await using var server = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        var looked = 0;
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed), resolve: (_, _) =>
        {
            looked++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.9"), IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]);
        });
        await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url(host: "shop.test")), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, looked);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    public async Task No_spelling_of_loopback_reaches_a_listening_canary(string url)
    {
        await using var canary = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        using var client = new GuardedHttpClient(AllowedList.Empty);
        var target = new Uri(url.Replace("{0}", canary.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var fault = await Assert.ThrowsAsync<OutboundException>(() => client.SendAsync(OutboundRequest.Get(target), Stop));
        Assert.Equal(OutboundFailure.AddressRefused, fault.Failure);
        Assert.Equal(0, canary.Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_without_end_stops_at_the_cap_with_bounded_memory(bool chunked)
    {
        long sent = 0;
        await using var server = new ScriptedServer(async (stream, _, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: 10737418240\r\n\r\n")), stop);
            var block = Encoding.ASCII.GetBytes((chunked ? "10000\r\n" : "") + new string('x', 65536) + (chunked ? "\r\n" : ""));
            while (true)
            {
                await stream.WriteAsync(block, stop);
                sent += 65536;
            }
        });
        var (failure, grown) = await ReadOnAsync(server);
        Assert.Equal(OutboundFailure.BodyTooLarge, failure);
        Assert.InRange(grown, long.MinValue, Tolerated);
        Assert.InRange(sent, 8L << 20, 64L << 20);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_of_ten_gigabytes_stops_at_the_cap_with_bounded_memory(string encoding)
    {
        // Members of gzip may follow each other, so ten gigabytes of zeros are one packed mebibyte sent 10,240 times.
        var member = GuardedHttpClientTests.Pack(encoding, new byte[encoding == "gzip" ? 1 << 20 : 256 << 20]);
        var times = encoding == "gzip" ? 10240 : 1;
        await using var server = new ScriptedServer(async (stream, _, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {(long)member.Length * times}\r\n\r\n"), stop);
            for (var i = 0; i < times; i++)
            {
                await stream.WriteAsync(member, stop);
            }
        });
        var (failure, grown) = await ReadOnAsync(server);
        Assert.Equal(OutboundFailure.BodyTooLarge, failure);
        Assert.InRange(grown, long.MinValue, Tolerated);
    }

    [Fact]
    public async Task A_packed_body_that_unpacks_to_nothing_is_stopped_by_its_size_on_the_wire()
    {
        var empty = Convert.FromHexString("1f8b0800000000000003" + "0300" + "0000000000000000");
        var block = Enumerable.Repeat(empty, 4096).SelectMany(b => b).ToArray();
        await using var server = new ScriptedServer(async (stream, _, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync(block, stop);
            }
        });
        Assert.Equal(OutboundFailure.BodyTooLarge, (await ReadOnAsync(server)).Failure);
    }

    [Fact]
    public async Task A_body_of_exactly_the_cap_is_read_and_one_byte_more_is_not()
    {
        foreach (var (size, passes) in new[] { (1000, true), (1001, false) })
        {
            await using var server = ScriptedServer.Saying($"HTTP/1.1 200 OK\nContent-Length: {size}", new byte[size]);
            using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
            await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url()) with { Limits = new() { MaxBytes = 1000 } }, Stop);
            var fault = await Record.ExceptionAsync(() => answer.ReadBytesAsync(Stop));
            Assert.Equal(passes, fault is null);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_head_without_end_stops_at_64_KiB(bool manyLines)
    {
        long sent = 0;
        await using var server = new ScriptedServer(async (stream, _, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nX-Bomb: "u8.ToArray(), stop);
            var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(manyLines ? "y\r\nX-Bomb: " : "yyyyyyyy", 512)));
            while (true)
            {
                await stream.WriteAsync(block, stop);
                sent += block.Length;
            }
        });
        var (failure, grown) = await ReadOnAsync(server);
        Assert.Equal(OutboundFailure.HeadersTooLarge, failure);
        Assert.InRange(grown, long.MinValue, Tolerated);
        Assert.InRange(sent, 0, 32L << 20);
    }

    [Fact]
    public async Task A_partner_that_hangs_does_not_delay_another()
    {
        await using var slow = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        await using var fast = ScriptedServer.Saying("HTTP/1.1 200 OK\nContent-Length: 0", []);
        using var client = new GuardedHttpClient(AllowedList.Parse("127.0.0.1"), perDestination: 2);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var hanging = Enumerable.Range(0, 50).Select(_ => client.SendAsync(OutboundRequest.Get(slow.Url()), end.Token)).ToList();
        await using (var answer = await client.SendAsync(OutboundRequest.Get(fast.Url()), Stop))
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.InRange(answer.Timings.Total.TotalSeconds, 0, 2);
        }

        Assert.InRange(slow.Accepted, 0, 2);
        Assert.DoesNotContain(hanging, h => h.IsCompleted);
        await end.CancelAsync();
        foreach (var call in hanging)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    [Fact]
    public async Task A_call_that_finds_no_free_slot_says_so()
    {
        await using var slow = new ScriptedServer((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        using var client = new GuardedHttpClient(AllowedList.Parse("127.0.0.1"), perDestination: 1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var first = client.SendAsync(OutboundRequest.Get(slow.Url()), end.Token);
        var fault = await Assert.ThrowsAsync<OutboundException>(() =>
            client.SendAsync(OutboundRequest.Get(slow.Url()) with { Limits = OutboundLimits.Within(TimeSpan.FromMilliseconds(200)) }, Stop));
        Assert.Equal(OutboundFailure.Busy, fault.Failure);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    private static async Task<(OutboundFailure Failure, long Grown)> ReadOnAsync(ScriptedServer server)
    {
        using var client = new GuardedHttpClient(AllowedList.Parse(server.Allowed));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        var fault = await Assert.ThrowsAsync<OutboundException>(async () =>
        {
            await using var answer = await client.SendAsync(OutboundRequest.Get(server.Url()), Stop);
            var buffer = new byte[32 * 1024];
            using var kept = new MemoryStream();
            int read;
            while ((read = await answer.Body.ReadAsync(buffer, Stop)) > 0)
            {
                kept.Write(buffer, 0, read);
                most = Math.Max(most, GC.GetTotalMemory(false) - before);
            }
        });
        return (fault.Failure, Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before));
    }
}
