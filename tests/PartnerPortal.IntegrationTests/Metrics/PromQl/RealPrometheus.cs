using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>A Prometheus of its own on loopback, filled with samples of the past.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private const long Window = 600_000;

    private readonly string _data = Directory.CreateTempSubdirectory("portal-prometheus-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private readonly Process _process;

    private RealPrometheus(string program, string address)
    {
        var config = Path.Combine(_data, "prometheus.yml");
        File.WriteAllText(config, "global: {}\n");
        _process = Process.Start(new ProcessStartInfo(program,
        [
            "--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(_data, "data"), "--storage.tsdb.retention.time=100y",
            "--web.listen-address=" + address, "--web.enable-remote-write-receiver", "--log.level=error",
        ])
        { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        _process.BeginErrorReadLine();
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = new Uri($"http://{address}/");
    }

    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts one, or skips the test with the name of the Debian package.</summary>
    public static async Task<RealPrometheus> StartAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "prometheus")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "prometheus is absent: apt-get install prometheus");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = "127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();
        var prometheus = new RealPrometheus(program, address);
        for (var patience = Stopwatch.StartNew(); !await prometheus.IsReadyAsync();)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30) && !prometheus._process.HasExited, "Prometheus does not get ready.");
            await Task.Delay(50, Cancel);
        }

        return prometheus;
    }

    /// <summary>Writes samples in the order of their time: Prometheus takes only what is less than an hour older than the newest.</summary>
    public async Task FillAsync(IReadOnlyList<ReadSeries> series)
    {
        var (first, last) = (series.Min(s => s.Samples[0].Time), series.Max(s => s.Samples[^1].Time));
        for (var from = first; from <= last; from += Window)
        {
            var part = series.Select(s => s with { Samples = [.. s.Samples.Where(one => one.Time >= from && one.Time < from + Window)] }).Where(s => s.Samples.Length > 0);
            using var body = new ByteArrayContent(RemoteWriteBody.Of(part));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            body.Headers.ContentEncoding.Add("snappy");
            using var answer = await Http.PostAsync(new Uri("api/v1/write", UriKind.Relative), body, Cancel);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    /// <summary>Asks its query API; errors come back as they are.</summary>
    public async Task<JsonElement> AskAsync(string path, params (string Name, string Value)[] form) => await AskAsync(Http, "api/v1/" + path, form);

    /// <summary>Posts a form and reads the JSON that comes back, whatever its status.</summary>
    public static async Task<JsonElement> AskAsync(HttpClient http, string path, params (string Name, string Value)[] form)
    {
        using var body = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        await _services.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri("-/ready", UriKind.Relative), Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
