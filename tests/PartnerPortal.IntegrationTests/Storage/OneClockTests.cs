using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PartnerPortal.TestKit;

namespace PartnerPortal.IntegrationTests.Storage;

/// <summary>SQL reads the clock that tests can move, and no other.</summary>
public sealed partial class OneClockTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // The doctor compares the two clocks, so it has to read the server's own.
    private const string Doctor = "DatabaseChecks.cs";

    [Fact]
    public void No_statement_in_the_sources_reads_the_servers_own_clock()
    {
        var root = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", ".."));
        var found = new[] { "src", "migrations" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) != Doctor)
            .SelectMany(file => File.ReadLines(file).Select((line, at) => (file, line, at)))
            .Where(l => OwnClock().IsMatch(l.line) && !l.line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !l.line.Contains("RETURN pg_catalog.now()", StringComparison.Ordinal))
            .Select(l => $"{Path.GetRelativePath(root, l.file)}:{l.at + 1}: {l.line.Trim()}");

        Assert.Empty(found);
    }

    [Fact]
    public async Task No_column_default_reads_the_servers_own_clock() => Assert.Null(await database.AskAsync<string>(
        """
        SELECT string_agg(table_schema || '.' || table_name || '.' || column_name || ': ' || column_default, '; ')
        FROM information_schema.columns
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND column_default ~* '(now\(\)|current_timestamp)' AND column_default !~ 'portal\.now\(\)'
        """));

    [Theory]
    [InlineData("SELECT now()", true)]
    [InlineData("at < NOW() - $1", true)]
    [InlineData("DEFAULT CURRENT_TIMESTAMP", true)]
    [InlineData("clock_timestamp()", true)]
    [InlineData("until < portal.now()", false)]
    [InlineData("private readonly Clock now; Unknow()", false)]
    public void The_search_finds_what_it_looks_for(string line, bool found) => Assert.Equal(found, OwnClock().IsMatch(line));

    private static string ThisFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"(?<!portal\.)(?<![\w.])now\(\)|current_timestamp|localtimestamp|(clock|statement|transaction)_timestamp\(\)|pg_catalog\.now\(\)", RegexOptions.IgnoreCase)]
    private static partial Regex OwnClock();
}
