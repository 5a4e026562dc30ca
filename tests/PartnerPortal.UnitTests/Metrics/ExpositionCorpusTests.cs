using System.IO.Compression;
using PartnerPortal.TimeSeries.Exposition;

namespace PartnerPortal.UnitTests.Metrics;

/// <summary>The parser against pages that real services sent and against the formats' own test corpora.</summary>
public sealed class ExpositionCorpusTests
{
    private static readonly string? _folder = RealData.Folder("exposition");

    [Theory]
    [InlineData("openmetrics-corpus", ExpositionFormat.OpenMetrics)]
    [InlineData("prometheus-text-corpus", ExpositionFormat.PrometheusText)]
    public void The_corpora_of_the_formats_parse_and_fail_as_expected(string corpus, ExpositionFormat format)
    {
        var folder = Path.Combine(Found(), corpus);
        var wrong = new List<string>();
        var rows = File.ReadAllLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(l => l.Split('\t')).ToList();
        foreach (var row in rows)
        {
            var refused = Refusal(File.ReadAllBytes(Path.Combine(folder, row[0])), format);
            if (refused is null != (row[1] == "true"))
                wrong.Add($"{row[0]}: {refused?.Message ?? "was accepted"}");
            if (refused is not null && (refused.Line is null || refused.Reason.Length < 10))
                wrong.Add($"{row[0]}: no line or reason in \"{refused.Message}\"");
        }
        Assert.NotEmpty(rows);
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_line_of_a_refusal_is_the_one_the_reference_parser_names()
    {
        var folder = Path.Combine(Found(), "prometheus-text-corpus");
        foreach (var row in File.ReadAllLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(l => l.Split('\t')).Where(r => r[1] == "false"))
        {
            var line = row[3].Split("in line ")[1].Split(':')[0];
            Assert.Equal($"{row[0]} {line}", $"{row[0]} {Refusal(File.ReadAllBytes(Path.Combine(folder, row[0])), ExpositionFormat.PrometheusText)?.Line}");
        }
    }

    [Fact]
    public void Pages_of_real_services_parse_in_the_format_their_headers_announce()
    {
        var pages = Directory.GetFiles(Found(), "*.txt").Order().ToList();
        Assert.True(pages.Count >= 15, $"only {pages.Count} captured pages");
        foreach (var path in pages)
        {
            var format = ContentType.Read(HeaderOf(Path.ChangeExtension(path, ".headers")));
            var page = File.ReadAllBytes(path);
            var refused = Refusal(page, format);
            Assert.True(refused is null, $"{Path.GetFileName(path)}: {refused?.Message}");
            var parsed = ExpositionParser.Parse(page, format);
            var expected = page.AsSpan().Count("\n"u8) - File.ReadLines(path).Count(l => l.StartsWith('#') || l.Length == 0);
            Assert.Equal(expected, parsed.Samples.Count + parsed.Duplicates);
        }
    }

    [Fact]
    public void A_compressed_page_of_a_real_service_equals_the_plain_one_in_its_series()
    {
        using var gzip = new GZipStream(File.OpenRead(Path.Combine(Found(), "redis-exporter.gzip.bin")), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        var plain = ExpositionParser.Parse(File.ReadAllBytes(Path.Combine(Found(), "redis-exporter.prom.txt")), ExpositionFormat.PrometheusText);
        var packed = ExpositionParser.Parse(unpacked.ToArray(), ExpositionFormat.PrometheusText);
        Assert.True(packed.Samples.Count > 100);
        Assert.Equal(plain.Families.Count, packed.Families.Count);
    }

    [Theory]
    [InlineData("html-landing-page.headers", "text/html")]
    [InlineData("error-404-not-found.headers", "text/html")]
    [InlineData("alertmanager.protobuf.headers", "application/vnd.google.protobuf")]
    [InlineData("haproxy-stats-json.json.headers", "application/json")]
    [InlineData("prometheus-api-query.json.headers", "application/json")]
    public void Answers_that_are_no_metrics_are_refused_with_their_type_named(string headers, string type)
    {
        var refused = Assert.Throws<ExpositionRefused>(() => ContentType.Read(HeaderOf(Path.Combine(Found(), headers))));
        Assert.Contains(type, refused.Reason, StringComparison.Ordinal);
        Assert.Null(refused.Line);
    }

    [Theory]
    [InlineData("html-landing-page.body", "HTML")]
    [InlineData("alertmanager.protobuf.bin", "binary")]
    [InlineData("haproxy-stats-json.json", "JSON")]
    [InlineData("prometheus-api-query.json", "JSON")]
    [InlineData("prometheus-text-corpus/json2.json", "JSON")]
    [InlineData("redis-exporter.gzip.bin", "gzip")]
    public void A_body_that_is_not_what_its_type_says_is_named_for_what_it_is(string file, string word)
    {
        var refused = Refusal(File.ReadAllBytes(Path.Combine(Found(), file)), ExpositionFormat.PrometheusText);
        Assert.Contains(word, refused?.Reason ?? "accepted", StringComparison.Ordinal);
    }

    private static string Found()
    {
        Assert.SkipWhen(_folder is null, RealData.Missing);
        return _folder!;
    }

    private static ExpositionRefused? Refusal(byte[] page, ExpositionFormat format)
    {
        try
        {
            ExpositionParser.Parse(page, format);
            return null;
        }
        catch (ExpositionRefused refused)
        {
            return refused;
        }
    }

    private static string? HeaderOf(string path) =>
        File.ReadLines(path).FirstOrDefault(l => l.StartsWith("content-type:", StringComparison.OrdinalIgnoreCase))?["content-type:".Length..].Trim();
}
