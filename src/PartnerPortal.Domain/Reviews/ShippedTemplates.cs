using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace PartnerPortal.Domain.Reviews;

/// <summary>The templates that come with the portal, one YAML file each beside this class.</summary>
public static class ShippedTemplates
{
    private static readonly Lazy<IReadOnlyList<ShippedTemplate>> Read = new(ReadAll);

    /// <summary>Every template that comes with the portal.</summary>
    public static IReadOnlyList<ShippedTemplate> All => Read.Value;

    private static IReadOnlyList<ShippedTemplate> ReadAll()
    {
        var assembly = typeof(ShippedTemplates).Assembly;
        var yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".yaml", StringComparison.Ordinal) && name.Contains("Reviews.Templates", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var draft = yaml.Deserialize<ChecklistDraft>(reader);
                return new ShippedTemplate(draft.Slug!, draft.Checked());
            })];
    }
}

/// <summary>A template that comes with the portal.</summary>
/// <param name="Slug">Its name in addresses.</param>
/// <param name="Content">What it asks.</param>
public sealed record ShippedTemplate(string Slug, Checklist Content);
