using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Metrics;

/// <summary>A program that scrapes the targets each second into a folder of its own.</summary>
internal sealed class IngestEngine : IAsyncDisposable
{
    private const string Token = "ppk_benchmark0benchmark0benchmark0benchmark0";
    private readonly Process _process;
    private readonly string _folder;

    private IngestEngine(Process process, string folder)
    {
        (_process, _folder) = (process, folder);
        // Read, so that a full pipe never stops it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process, and the database server that it started and that lives on its own.</summary>
    public IEnumerable<int> Roots
    {
        get
        {
            yield return _process.Id;
            var server = Path.Combine(_folder, "postgres", "data", "postmaster.pid");
            if (File.Exists(server))
                yield return int.Parse(File.ReadLines(server).First(), CultureInfo.InvariantCulture);
        }
    }

    public static async Task<IngestEngine> PortalAsync(IngestTargets targets, bool spin, CancellationToken cancel)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "PartnerPortal.Web", own.Name, "PartnerPortal.Web.dll");
        if (!File.Exists(program))
            throw new CannotRun($"The portal is not built like this benchmark: dotnet build -c Release src/PartnerPortal.Web ({program} is missing)");
        var (folder, address) = (Folder(), $"http://127.0.0.1:{IngestTargets.FreePort()}");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", address]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(program) };
        start.Environment.Remove("ConnectionStrings__Portal");
        start.Environment["Portal__DataDirectory"] = folder;
        start.Environment["Portal__Admin__Email"] = "benchmark@example.com";
        start.Environment["Portal__Admin__Password"] = "Benchmark-1-benchmark";
        start.Environment["Portal__Admin__ApiToken"] = Token;
        start.Environment["Portal__Outbound__Allowed"] = targets.Endpoint;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        if (spin)
            start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0x46"; // .NET's own default, 70
        var engine = new IngestEngine(Process.Start(start)!, folder);
        await EnterAsync(address, targets, cancel);
        return engine;
    }

    public static IngestEngine Prometheus(string program, IngestTargets targets)
    {
        var folder = Folder();
        Directory.CreateDirectory(folder);
        var config = new StringBuilder("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n");
        for (var n = 0; n < targets.Count; n++)
            config.Append(CultureInfo.InvariantCulture, $"- {{job_name: t{n}, metrics_path: /t/{n}, static_configs: [{{targets: [\"{targets.Endpoint}\"]}}]}}\n");
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, config.ToString());
        string[] arguments =
        [
            "--config.file=" + file, "--storage.tsdb.path=" + Path.Combine(folder, "data"), $"--web.listen-address=127.0.0.1:{IngestTargets.FreePort()}", "--log.level=error",
        ];
        return new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!, folder);
    }

    public async ValueTask DisposeAsync()
    {
        using (var end = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await end.WaitForExitAsync(CancellationToken.None);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Folder() => Path.Combine(Path.GetTempPath(), "portal-ingest-" + Guid.NewGuid().ToString("N"));

    private static async Task EnterAsync(string address, IngestTargets targets, CancellationToken cancel)
    {
        await using var services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        http.BaseAddress = new Uri(address);
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        await ReadyAsync(http, cancel);
        for (var n = 0; n < targets.Count; n++)
        {
            var partner = $"p{n / 10}";
            if (n % 10 == 0)
                await PostAsync(http, "/api/v1/partners", new { slug = partner, name = partner }, cancel);
            await PostAsync(http, $"/api/v1/partners/{partner}/metric-sources", new { name = $"t{n}", url = $"http://{targets.Endpoint}/t/{n}", side = "partner", interval = "1s" }, cancel);
        }
    }

    private static async Task ReadyAsync(HttpClient http, CancellationToken cancel)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (tries < 600)
            {
                // It does not listen yet.
            }
            await Task.Delay(100, cancel);
        }
    }

    private static async Task PostAsync(HttpClient http, string path, object body, CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new CannotRun($"{path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }
}
