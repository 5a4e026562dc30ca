using System.Net;

namespace PartnerPortal.IntegrationTests.Metrics;

public sealed class SamplePartnerHostileTests
{
    [Theory]
    [InlineData("hang")]
    [InlineData("slow-headers")]
    public async Task Some_never_begin_to_answer(string kind)
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            shop.Http.GetAsync($"/hostile/metrics/{kind}", HttpCompletionOption.ResponseHeadersRead, patience.Token));
    }

    [Fact]
    public async Task Trickle_sends_little_and_never_ends()
    {
        var (bytes, ended) = await ReadForAsync("trickle", TimeSpan.FromSeconds(2), long.MaxValue);
        Assert.False(ended);
        Assert.InRange(bytes, 2, 20);
    }

    [Fact]
    public async Task Huge_goes_on_beyond_any_sensible_cap()
    {
        var (bytes, ended) = await ReadForAsync("huge", TimeSpan.FromSeconds(20), 50_000_000);
        Assert.False(ended);
        Assert.True(bytes >= 50_000_000);
    }

    [Fact]
    public async Task The_gzip_bomb_grows_more_than_five_hundredfold()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var answer = await shop.Http.GetAsync("/hostile/metrics/gzip-bomb", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var packed = new CountingStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await using var unpacked = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress);
        var (buffer, bytes) = (new byte[1 << 20], 0L);
        while (bytes < 100_000_000 && await unpacked.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
        {
            bytes += read;
        }
        Assert.True(bytes >= 100_000_000);
        Assert.InRange(packed.Count, 1, bytes / 500);
    }

    [Theory]
    [InlineData("html", "text/html", "<!doctype html>")]
    [InlineData("wrong-type", "text/plain", "{\"requests\"")]
    [InlineData("protobuf", "application/vnd.google.protobuf", "tunes_requests")]
    [InlineData("broken-line", "text/plain", "code=\"200 17\nlast_line 1\n")]
    public async Task Some_answer_at_once_with_something_else(string kind, string mediaType, string holds)
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var answer = await shop.GetAsync($"/hostile/metrics/{kind}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(holds, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_redirect_points_at_the_metadata_address_of_clouds()
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var plain = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(shop.Http.BaseAddress!, "/hostile/metrics/redirect"));
        using var answer = await plain.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("169.254.169.254", answer.Headers.Location!.Host);
    }

    private static async Task<(long Bytes, bool Ended)> ReadForAsync(string kind, TimeSpan patience, long enough)
    {
        await using var shop = await SamplePartnerShop.OpenAsync(TimeProvider.System, "--shoppers", "0");
        using var clock = new CancellationTokenSource(patience);
        using var answer = await shop.Http.GetAsync($"/hostile/metrics/{kind}", HttpCompletionOption.ResponseHeadersRead, clock.Token);
        await using var body = await answer.Content.ReadAsStreamAsync(clock.Token);
        var (buffer, bytes) = (new byte[65_536], 0L);
        try
        {
            while (bytes < enough)
            {
                var read = await body.ReadAsync(buffer, clock.Token);
                if (read == 0)
                {
                    return (bytes, true);
                }
                bytes += read;
            }
        }
        catch (OperationCanceledException)
        {
            // The patience is over, which is what the caller wanted to see.
        }
        return (bytes, false);
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Count { get; private set; }
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return read;
        }
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
