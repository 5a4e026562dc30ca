using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.TimeSeries;

namespace PartnerPortal.IntegrationTests.Metrics.PromQl;

/// <summary>A real engine of its own on loopback that takes remote write and answers the Prometheus HTTP API: Debian's prometheus or victoria-metrics.</summary>
internal class RealEngine : IAsyncDisposable
{
    private const long Window = 600_000;

    private readonly string _data = Directory.CreateTempSubdirectory("portal-engine-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private readonly string _program;
    private readonly string _address;
    private readonly Func<string, string, string[]> _arguments;
    private readonly string _ready;
    private Process _process;

    protected RealEngine(string program, string ready, Func<string, string, string[]> arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{program} is absent: apt-get install {program}");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _address = "127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();
        (_program, _ready, _arguments) = (found!, ready, arguments);
        _process = Run();
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient();
        Http.BaseAddress = new Uri($"http://{_address}/");
    }

    public HttpClient Http { get; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts the one of this name, or skips the test with the name of the Debian package.</summary>
    public static async Task<RealEngine> StartAsync(string program) => program == "prometheus" ? await RealPrometheus.StartAsync() : await StartedAsync(
        new RealEngine(program, "health", (data, address) =>
        [
            "-storageDataPath=" + Path.Combine(data, "data"), "-httpListenAddr=" + address, "-retentionPeriod=100y", "-search.latencyOffset=0s", "-search.disableCache", "-loggerLevel=ERROR",
        ]));

    /// <summary>Stops it as it stops in good order, with its data kept.</summary>
    public async Task StopAsync()
    {
        using (var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await stop.WaitForExitAsync(Cancel);
        }

        await _process.WaitForExitAsync(Cancel);
        _process.Dispose();
    }

    /// <summary>Starts it again at the same address over the same data.</summary>
    public async Task StartAgainAsync()
    {
        _process = Run();
        await StartedAsync(this);
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
        try
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
        catch (InvalidOperationException)
        {
            // It was stopped already.
        }

        await _services.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    protected static async Task<T> StartedAsync<T>(T engine)
        where T : RealEngine
    {
        for (var patience = Stopwatch.StartNew(); !await engine.IsReadyAsync();)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30) && !engine._process.HasExited, $"{engine._program} does not get ready.");
            await Task.Delay(50, Cancel);
        }

        return engine;
    }

    private Process Run()
    {
        var process = Process.Start(new ProcessStartInfo(_program, _arguments(_data, _address)) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        // Read, so that a full pipe never stops it.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(_ready, UriKind.Relative), Cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>A Prometheus of its own on loopback, filled with samples of the past.</summary>
internal sealed class RealPrometheus : RealEngine
{
    private RealPrometheus()
        : base("prometheus", "-/ready", (data, address) =>
        {
            var config = Path.Combine(data, "prometheus.yml");
            File.WriteAllText(config, "global: {}\n");
            return
            [
                "--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(data, "data"), "--storage.tsdb.retention.time=100y",
                "--web.listen-address=" + address, "--web.enable-remote-write-receiver", "--log.level=error",
            ];
        })
    {
    }

    /// <summary>Starts one, or skips the test with the name of the Debian package.</summary>
    public static Task<RealPrometheus> StartAsync() => StartedAsync(new RealPrometheus());
}
