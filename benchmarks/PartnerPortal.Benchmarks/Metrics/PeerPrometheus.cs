using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>The real Prometheus of this machine on a port and in a directory of its own: the peer that our figures stand beside.</summary>
internal sealed class PeerPrometheus : IAsyncDisposable
{
    private readonly string _data;
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly Process _process;

    private PeerPrometheus(string program, string address, string configuration, string data)
    {
        _data = data;
        var file = Path.Combine(_data, "prometheus.yml");
        File.WriteAllText(file, configuration);
        _process = Process.Start(new ProcessStartInfo(program,
        [
            "--config.file=" + file, "--storage.tsdb.path=" + Path.Combine(_data, "data"), "--storage.tsdb.retention.time=100d", "--web.listen-address=" + address, "--log.level=error",
        ])
        { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { }; // read, so that a full pipe never stops it
        _process.BeginErrorReadLine();
        var services = new ServiceCollection();
        services.AddHttpClient("peer", http => http.BaseAddress = new Uri($"http://{address}/")).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        _http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("peer");
    }

    /// <exception cref="CannotRun">It is not installed or does not start.</exception>
    public static Task<PeerPrometheus> StartAsync(int port, string configuration, CancellationToken cancel) =>
        StartAsync(port, configuration, Directory.CreateTempSubdirectory("bench-prometheus-").FullName, cancel);

    /// <summary>Starts it over a folder, which goes when it is stopped; its subfolder data may hold blocks.</summary>
    /// <exception cref="CannotRun">It is not installed or does not start.</exception>
    public static async Task<PeerPrometheus> StartAsync(int port, string configuration, string folder, CancellationToken cancel)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(p => Path.Combine(p, "prometheus")).FirstOrDefault(File.Exists)
            ?? throw new CannotRun("Prometheus is absent: apt-get install --no-install-recommends prometheus");
        var peer = new PeerPrometheus(program, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), configuration, folder);
        for (var tries = 0; !await peer.IsReadyAsync(cancel); tries++)
        {
            if (tries > 100)
            {
                await peer.DisposeAsync();
                throw new CannotRun("Prometheus did not get ready within ten seconds.");
            }

            await Task.Delay(100, cancel);
        }

        return peer;
    }

    /// <summary>The whole answer.</summary>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancel) : throw new CannotRun($"Prometheus answered {(int)answer.StatusCode} to {path}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        await _services.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("-/ready", UriKind.Relative), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
