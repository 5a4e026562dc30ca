using System.Text.Json;
using PartnerPortal.TimeSeries.Exposition;
using PartnerPortal.TimeSeries.Labels;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What the fields of a metric source may hold.</summary>
internal static class SourceFields
{
    private const int MostHeaders = 20;
    private const int MostQueries = 50;
    private const int LongestQuery = 2000;
    private const string NotInAddresses = "/\\?#%\n\r\t";

    // The guarded client sets these itself; a source that could would break the framing of its own request.
    private static readonly string[] OwnHeaders =
        ["Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Accept-Encoding", "Upgrade", "TE", "Trailer"];

    public static string Name(FieldCheck check, string name)
    {
        var text = check.Needed("name", name, "what people call this source, for example shop", 60);
        if (text.Any(c => NotInAddresses.Contains(c, StringComparison.Ordinal)) || text is "." or ".." or "new" or "try")
        {
            check.Refuse("name", "This name stands in addresses: use letters, digits, spaces, hyphens and dots.");
        }

        return text;
    }

    public static string Url(FieldCheck check, string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            check.Refuse("url", "Enter the address of the metrics page. It usually ends in /metrics.");
            return "";
        }

        return check.WebAddress("url", url) ?? "";
    }

    public static SourceSide Side(FieldCheck check, string side)
    {
        if (string.IsNullOrWhiteSpace(side))
        {
            check.Refuse("side", "Say whose count this is: partner or ours.");
            return default;
        }

        // "theirs" is what the product calls the partner's side everywhere else.
        return side.Trim().Equals("theirs", StringComparison.OrdinalIgnoreCase) ? SourceSide.Partner : check.Word("side", side, default(SourceSide));
    }

    public static TimeSpan Duration(FieldCheck check, string field, string? text, TimeSpan otherwise)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return otherwise;
        }

        if (PromDuration.TryRead(text.Trim(), out var duration))
        {
            return duration;
        }

        check.Refuse(field, $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is not a duration. Write it like 15s or 1m.");
        return otherwise;
    }

    public static string? Mapping(FieldCheck check, string mapping)
    {
        if (string.IsNullOrWhiteSpace(mapping))
        {
            return null;
        }

        try
        {
            _ = JsonMapping.Read(mapping);
        }
        catch (FormatException wrong)
        {
            check.Refuse("mapping", wrong.Message);
        }

        return mapping.Trim();
    }

    /// <summary>The other side knows its own language, so an expression is not parsed here: trying the source shows what it says.</summary>
    public static SortedDictionary<string, string> Queries(FieldCheck check, IReadOnlyDictionary<string, string> queries)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (queries.Count > MostQueries)
        {
            check.Refuse("queries", $"Ask at most {MostQueries} expressions; make another source for more.");
        }

        foreach (var (name, query) in queries.Take(MostQueries))
        {
            var (metric, text) = (name.Trim(), query?.Trim() ?? "");
            if (metric.Length > 200 || !Label.IsMetricName(metric))
            {
                check.Refuse("queries", $"“{(metric.Length > 40 ? metric[..40] + "…" : metric)}” is not a metric's name, such as our_calls_total.");
            }
            else if (text.Length is 0 or > LongestQuery)
            {
                check.Refuse("queries", text.Length == 0 ? $"{metric} has no expression. Write {metric} = sum(…)." : $"The expression of {metric} is longer than {LongestQuery} characters.");
            }
            else
            {
                kept[metric] = text;
            }
        }

        return kept;
    }

    public static SortedDictionary<string, string> Headers(FieldCheck check, IReadOnlyDictionary<string, string> headers)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (headers.Count > MostHeaders)
        {
            check.Refuse("headers", $"Send at most {MostHeaders} headers.");
        }

        foreach (var (name, value) in headers.Take(MostHeaders))
        {
            var trimmed = name.Trim();
            if (trimmed.Length is 0 or > 100 || trimmed.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            {
                check.Refuse("headers", $"“{(trimmed.Length > 40 ? trimmed[..40] + "…" : trimmed)}” is not a header's name, such as Authorization.");
            }
            else if (OwnHeaders.Contains(trimmed, StringComparer.OrdinalIgnoreCase))
            {
                check.Refuse("headers", $"The header {trimmed} is set by the portal itself.");
            }
            else if (value.Length > 8000 || value.Any(c => char.IsControl(c) || c > 255))
            {
                // The value is a secret: the sentence does not repeat it.
                check.Refuse("headers", $"The value of {trimmed} holds characters that a header cannot hold.");
            }
            else
            {
                kept[trimmed] = value.Trim();
            }
        }

        return kept;
    }

    public static string Write(SortedDictionary<string, string> headers) => JsonSerializer.Serialize(headers);
}
