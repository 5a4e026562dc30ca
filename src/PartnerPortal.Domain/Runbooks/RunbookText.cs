using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PartnerPortal.Domain.Runbooks;

/// <summary>What a runbook's Markdown says about itself: front matter, title, number of checkable steps.</summary>
public static partial class RunbookText
{
    /// <summary>Single newlines as line ends and no byte order mark; nothing else is touched.</summary>
    public static string Clean(string text) =>
        text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>The title: <c>title</c> of the front matter, else the first top heading, else the first heading at all; null when there is none.</summary>
    public static string? TitleOf(string text)
    {
        if (FrontMatterOf(text).TryGetValue("title", out var title) && title.Trim().Length > 0)
        {
            return title.Trim();
        }

        var headings = Headings(text).ToList();
        var found = headings.FirstOrDefault(h => h.Level == 1) is { Text: not null } top ? top.Text : headings.FirstOrDefault().Text;
        return string.IsNullOrWhiteSpace(found) ? null : found;
    }

    /// <summary>Top-level plain values of the YAML front matter; empty when there is none or it cannot be read.</summary>
    public static IReadOnlyDictionary<string, string> FrontMatterOf(string text) =>
        FrontOf(text).Where(c => c is { Key: YamlScalarNode, Value: YamlScalarNode })
            .ToDictionary(c => ((YamlScalarNode)c.Key).Value ?? "", c => ((YamlScalarNode)c.Value).Value ?? "");

    /// <summary>Top-level values of the front matter as lists: a plain value is a list of one; a map such as <c>{severity: critical}</c> reads as <c>severity="critical"</c>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> FrontListsOf(string text) =>
        FrontOf(text).Where(c => c.Key is YamlScalarNode)
            .ToDictionary(c => ((YamlScalarNode)c.Key).Value ?? "", c => (IReadOnlyList<string>)[.. (c.Value is YamlSequenceNode list ? list.Children.Take(50) : [c.Value]).Select(Said).OfType<string>()]);

    private static string? Said(YamlNode node) => node switch
    {
        YamlScalarNode plain => plain.Value,
        YamlMappingNode map => string.Join(',', map.Children.Take(20).Select(c => $"{(c.Key as YamlScalarNode)?.Value}=\"{(c.Value as YamlScalarNode)?.Value}\"")),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> FrontOf(string text)
    {
        var match = FrontMatter().Match(text);
        if (!match.Success || match.Length > 20_000)
        {
            return [];
        }

        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(match.Groups["yaml"].Value));
            return yaml.Documents is [{ RootNode: YamlMappingNode map }] ? map.Children : [];
        }
        catch (YamlException)
        {
            return [];
        }
    }

    /// <summary>How many checkable steps (<c>- [ ]</c>) the text has, code blocks apart.</summary>
    public static int StepsIn(string text) => Lines(text).Count(l => Step().IsMatch(l));

    /// <summary>The beginning of a text, whole paragraphs and code blocks only, for paper that ends.</summary>
    /// <param name="text">The Markdown.</param>
    /// <param name="most">About how many characters.</param>
    public static string Beginning(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var (cut, at, fenced) = (0, 0, false);
        foreach (var line in text.Split('\n'))
        {
            if (at > most)
            {
                break;
            }

            fenced ^= Fence().IsMatch(line);
            at += line.Length + 1;
            cut = line.Trim().Length == 0 && !fenced ? at : cut;
        }

        return text[..Math.Min(cut, text.Length)];
    }

    private static IEnumerable<(int Level, string Text)> Headings(string text)
    {
        var before = "";
        foreach (var line in Lines(text))
        {
            if (Atx().Match(line) is { Success: true } atx)
            {
                yield return (atx.Groups["marks"].Length, Plain(atx.Groups["text"].Value));
            }
            else if (Setext().IsMatch(line) && before.Trim().Length > 0 && !Step().IsMatch(before) && !before.Contains('|', StringComparison.Ordinal))
            {
                yield return (line.TrimStart()[0] == '=' ? 1 : 2, Plain(before));
            }

            before = line;
        }
    }

    // The lines outside front matter and fenced code.
    private static IEnumerable<string> Lines(string text)
    {
        var start = FrontMatter().Match(text) is { Success: true } front ? front.Length : 0;
        string? fence = null;
        foreach (var line in text[start..].Split('\n'))
        {
            var mark = Fence().Match(line);
            if (fence is not null)
            {
                fence = mark.Success && mark.Groups["mark"].Value.StartsWith(fence, StringComparison.Ordinal) && line.Trim() == mark.Groups["mark"].Value ? null : fence;
            }
            else if (mark.Success)
            {
                fence = mark.Groups["mark"].Value;
            }
            else
            {
                yield return line;
            }
        }
    }

    private static string Plain(string heading) => Marks().Replace(Links().Replace(heading, "${text}"), "").Trim();

    [GeneratedRegex(@"\A---[ \t]*\n(?<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\z)", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex FrontMatter();

    [GeneratedRegex(@"^ {0,3}(?<marks>#{1,6})(?:[ \t]+(?<text>.*?))?[ \t]*#*[ \t]*$", RegexOptions.None, 1000)]
    private static partial Regex Atx();

    [GeneratedRegex(@"^ {0,3}(?:=+|-{2,})[ \t]*$")]
    private static partial Regex Setext();

    [GeneratedRegex(@"^\s*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[[ xX]\][ \t]+\S")]
    private static partial Regex Step();

    [GeneratedRegex(@"^\s*(?<mark>`{3,}|~{3,})")]
    private static partial Regex Fence();

    [GeneratedRegex(@"!?\[(?<text>[^\]\[]*)\](?:\([^)]*\)|\[[^\]]*\])", RegexOptions.None, 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"[*`]|(?<!\w)_+|_+(?!\w)")]
    private static partial Regex Marks();
}
