using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using YamlDotNet.Serialization;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>Dockerfile, .dockerignore and docker-compose.yml against the repository: no engine is needed to find a path or a setting that does not exist.</summary>
public sealed partial class ContainerTests
{
    private static readonly string Root = CommandLine.Root();
    private static readonly string[] Lines = Instructions();
    private static readonly Dictionary<object, object> Compose =
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Root, "docker-compose.yml")));

    [Fact]
    public void Every_copied_file_exists_and_is_not_ignored()
    {
        var sources = Lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();
        Assert.Contains("src/", sources);
        var kept = File.ReadAllLines(Path.Combine(Root, ".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]).ToHashSet();
        foreach (var source in sources)
        {
            Assert.True(Path.Exists(Path.Combine(Root, source)), $"{source} does not exist");
            Assert.Contains(source.TrimEnd('/'), kept);
        }

        Assert.Equal(kept.Order(StringComparer.Ordinal), sources.Select(s => s.TrimEnd('/')).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_that_the_projects_need_at_build_time_is_left_out()
    {
        var copied = Lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(l => l.Split(' ')[1..^1]).ToHashSet();
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json", "BannedSymbols.txt", ".editorconfig", "package-lock.json" })
        {
            Assert.Contains(file, copied);
        }

        foreach (var project in Published())
        {
            AssertReferencesCopied(Path.Combine(Root, project), []);
        }
    }

    [Fact]
    public void Stages_and_published_programs_fit_together()
    {
        var stages = Lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Select(l => l.Split(' ')[^1]).ToList();
        foreach (var from in Lines.SelectMany(l => From().Matches(l)).Select(m => m.Groups[1].Value))
        {
            Assert.Contains(from, stages);
        }

        foreach (var service in new[] { "portal", "partner" })
        {
            Assert.Contains((string)At("services", service, "build", "target"), stages);
        }

        var programs = Published().Select(p => Path.GetFileName(p) + ".dll").ToList();
        foreach (var entry in Lines.Where(l => l.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)).Select(l => JsonSerializer.Deserialize<string[]>(l["ENTRYPOINT ".Length..])!))
        {
            Assert.Equal("dotnet", entry[0]);
            Assert.Contains(entry[1], programs);
        }

        Assert.Contains(Lines, l => l.Contains("/app/cli/portal-cli.dll", StringComparison.Ordinal));
        Assert.Equal("portal-cli", XDocument.Load(Path.Combine(Root, "src/PartnerPortal.Cli/PartnerPortal.Cli.csproj")).Descendants("AssemblyName").Single().Value);
    }

    [Fact]
    public void Programs_run_as_an_ordinary_user()
    {
        foreach (var stage in new[] { "partner", "portal" })
        {
            var lines = Stage(stage);
            var user = lines.Last(l => l.StartsWith("USER ", StringComparison.Ordinal));
            Assert.Equal("USER $APP_UID", user); // the images of .NET define it: 1654, the user app
            Assert.True(Array.IndexOf(lines, user) < Array.FindIndex(lines, l => l.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
            Assert.DoesNotContain(lines[Array.IndexOf(lines, user)..], l => l.StartsWith("RUN ", StringComparison.Ordinal));
        }

        Assert.Equal("ALL", ((List<object>)At("services", "portal", "cap_drop"))[0]);
    }

    [Fact]
    public void Ports_match_from_the_browser_to_the_program()
    {
        var exposed = Stage("portal").Single(l => l.StartsWith("EXPOSE ", StringComparison.Ordinal))["EXPOSE ".Length..];
        var env = string.Join(' ', Stage("portal").Where(l => l.StartsWith("ENV ", StringComparison.Ordinal)));
        Assert.Contains($"ASPNETCORE_HTTP_PORTS={exposed}", env, StringComparison.Ordinal);
        Assert.Equal($"127.0.0.1:5080:{exposed}", Assert.Single((List<object>)At("services", "portal", "ports")));
        Assert.Contains($"/dev/tcp/127.0.0.1/{exposed}", Health()[2], StringComparison.Ordinal);

        var shop = Stage("partner").Single(l => l.StartsWith("EXPOSE ", StringComparison.Ordinal))["EXPOSE ".Length..];
        Assert.Contains($":{shop}\"", Stage("partner").Single(l => l.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal($"partner:{shop}", At("services", "portal", "environment", "Portal__Outbound__Allowed"));
    }

    [Fact]
    public async Task Every_setting_is_one_that_the_portal_reads()
    {
        var settings = ((Dictionary<object, object>)At("services", "portal", "environment")).ToDictionary(s => (string)s.Key, s => (string?)Default().Replace((string)s.Value, "$1"));
        var folder = Directory.CreateTempSubdirectory("portal-compose-").FullName;
        try
        {
            Assert.Equal("/var/lib/partner-portal", settings["Portal__DataDirectory"]);
            Assert.StartsWith("portal-data:/var/lib/partner-portal", (string)((List<object>)At("services", "portal", "volumes"))[0], StringComparison.Ordinal);
            Assert.Contains(Stage("portal"), l => l == "VOLUME /var/lib/partner-portal");
            settings["Portal__DataDirectory"] = folder;
            var outcome = await CommandLine.RunAsync(settings, "doctor", "--json");
            using var answer = JsonDocument.Parse(outcome.Out);
            var faults = answer.RootElement.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("verdict").GetString() == "fault").Select(f => f.GetProperty("name").GetString()).ToList();
            // The only thing missing outside of the containers is the host called database.
            Assert.Equal(["database"], faults);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_database_is_the_one_that_the_portal_asks_for()
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(Default().Replace((string)At("services", "portal", "environment", "ConnectionStrings__Portal"), "$1"));
        Assert.Contains(connection.Host!, ((Dictionary<object, object>)Compose["services"]).Keys.Cast<string>());
        Assert.Equal(connection.Database, At("services", "database", "environment", "POSTGRES_DB"));
        Assert.Equal(connection.Username, At("services", "database", "environment", "POSTGRES_USER"));
        Assert.Equal(connection.Password, Default().Replace((string)At("services", "database", "environment", "POSTGRES_PASSWORD"), "$1"));
        Assert.Equal("service_healthy", At("services", "portal", "depends_on", "database", "condition"));
        Assert.Equal("postgres:17", At("services", "database", "image"));
        var volumes = ((Dictionary<object, object>)Compose["volumes"]).Keys.Cast<string>().ToList();
        foreach (var used in new[] { "portal", "database" }.Select(s => ((string)((List<object>)At("services", s, "volumes"))[0]).Split(':')[0]))
        {
            Assert.Contains(used, volumes);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable", 1)]
    [InlineData(null, 1)]
    public async Task The_health_check_works_with_what_the_image_has(string? answer, int code)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || !File.Exists("/bin/bash"), "bash is absent");
        var cancel = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = answer is null ? Task.FromResult("") : AnswerAsync(listener, answer, cancel);
        if (answer is null)
        {
            listener.Stop();
        }

        var command = Health();
        Assert.Equal(["bash", "-c"], command[..2]);
        Assert.DoesNotContain("curl", command[2], StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", command[2].Replace("/8080", "/" + port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)])
        {
            RedirectStandardError = true,
        })!;
        await process.WaitForExitAsync(cancel);
        Assert.Equal(code, process.ExitCode);
        if (answer is not null)
        {
            Assert.StartsWith("GET /healthz HTTP/1.0\r\nHost: localhost\r\n", await asked, StringComparison.Ordinal);
        }
    }

    private static async Task<string> AnswerAsync(TcpListener listener, string answer, CancellationToken cancel)
    {
        using var client = await listener.AcceptTcpClientAsync(cancel);
        var head = new byte[1024];
        var count = await client.GetStream().ReadAsync(head, cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\nContent-Length: 2\r\n\r\nok"), cancel);
        return Encoding.ASCII.GetString(head, 0, count);
    }

    private static string[] Instructions() =>
        [.. string.Join('\n', File.ReadAllLines(Path.Combine(Root, "Dockerfile")).Where(l => !l.StartsWith('#'))).Replace("\\\n", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static string[] Stage(string name) =>
        [.. Lines.SkipWhile(l => !l.EndsWith(" AS " + name, StringComparison.Ordinal)).Skip(1).TakeWhile(l => !l.StartsWith("FROM ", StringComparison.Ordinal))];

    private static string[] Health()
    {
        var line = Stage("portal").Single(l => l.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[(line.IndexOf("CMD ", StringComparison.Ordinal) + 4)..])!;
    }

    private static List<string> Published() => [.. Lines.SelectMany(l => Publish().Matches(l)).Select(m => m.Groups[1].Value)];

    private static void AssertReferencesCopied(string project, HashSet<string> seen)
    {
        Assert.True(seen.Count < 50);
        if (!seen.Add(project))
        {
            return;
        }

        var folder = Path.GetRelativePath(Root, project).Replace('\\', '/').Split('/')[0];
        Assert.Contains(Lines, l => l == $"COPY {folder}/ {folder}/");
        var file = Directory.GetFiles(project, "*.csproj").Single();
        foreach (var reference in XDocument.Load(file).Descendants("ProjectReference").Select(r => r.Attribute("Include")!.Value.Replace('\\', '/')))
        {
            AssertReferencesCopied(Path.GetDirectoryName(Path.GetFullPath(Path.Combine(project, reference)))!, seen);
        }
    }

    private static object At(params string[] path) => path.Aggregate((object)Compose, (at, name) => ((Dictionary<object, object>)at)[name]);

    [GeneratedRegex(@"--from=(\S+)")]
    private static partial Regex From();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Publish();

    [GeneratedRegex(@"\$\{\w+:-([^}]*)\}")]
    private static partial Regex Default();
}
