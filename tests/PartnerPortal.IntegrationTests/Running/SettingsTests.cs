using System.Text.RegularExpressions;

namespace PartnerPortal.IntegrationTests.Running;

/// <summary>The settings that the documentation lists, those that doctor knows and those that the sources read are the same.</summary>
public sealed partial class SettingsTests
{
    private static readonly string Root = CommandLine.Root();
    private static readonly HashSet<string> Known = [.. Names().Matches(File.ReadAllText(Path.Combine(Root, "src/PartnerPortal.Cli/Running/SettingChecks.cs")))
        .Select(m => m.Groups[1].Value).Where(n => !n.EndsWith("__", StringComparison.Ordinal))];

    [Fact]
    public void The_table_of_the_documentation_lists_what_doctor_knows()
    {
        var listed = File.ReadAllLines(Path.Combine(Root, "docs/operations.md")).Where(l => l.StartsWith("| `Portal__", StringComparison.Ordinal)).Select(l => l.Split('`')[1]);
        Assert.Equal(Known.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_setting_that_a_sentence_or_a_script_names_exists()
    {
        var files = Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat([Path.Combine(Root, "portal"), Path.Combine(Root, "docker-compose.yml"), Path.Combine(Root, "Dockerfile")]);
        foreach (var (file, name) in files.SelectMany(f => Mentioned().Matches(File.ReadAllText(f)).Select(m => (f, m.Groups[1].Value))))
        {
            var plain = name.EndsWith("_FILE", StringComparison.Ordinal) ? name[..^5] : name.TrimEnd('_');
            Assert.True(Known.Any(k => k == plain || k.StartsWith(plain + "__", StringComparison.Ordinal) || (k.EndsWith("ROLE", StringComparison.Ordinal) && plain.StartsWith(k[..^4], StringComparison.Ordinal))),
                $"{Path.GetRelativePath(Root, file)} names {name}, which nobody reads");
        }
    }

    [Fact]
    public void The_sources_read_every_setting()
    {
        var code = string.Join('\n', Directory.GetFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/PartnerPortal.Cli/", StringComparison.Ordinal)).Select(File.ReadAllText));
        foreach (var name in Known)
        {
            var (section, key) = (name[..name.LastIndexOf("__", StringComparison.Ordinal)].Replace("__", ":", StringComparison.Ordinal), name[(name.LastIndexOf("__", StringComparison.Ordinal) + 2)..]);
            if (key == "ROLE")
            {
                (section, key) = (section[..section.LastIndexOf(':')], section[(section.LastIndexOf(':') + 1)..]);
            }

            var whole = code.Contains($"\"{section}:{key}\"", StringComparison.Ordinal);
            var inSection = code.Contains($"GetSection(\"{section}\")", StringComparison.Ordinal)
                && (code.Contains($"[\"{key}\"]", StringComparison.Ordinal) || Regex.IsMatch(code, $@"public [\w?<>, ]+ {key} {{ get; set; }}"));
            Assert.True(whole || inSection, $"nothing reads {name}");
        }
    }

    [GeneratedRegex("\"(Portal__[A-Za-z_]+)\"")]
    private static partial Regex Names();

    [GeneratedRegex("(?<![A-Za-z_])(Portal__[A-Za-z_]+)")]
    private static partial Regex Mentioned();
}
