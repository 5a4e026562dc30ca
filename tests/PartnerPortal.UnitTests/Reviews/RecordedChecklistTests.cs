using PartnerPortal.Domain;
using PartnerPortal.Domain.Reviews.Importing;

namespace PartnerPortal.UnitTests.Reviews;

/// <summary>Checklists that others published, as they stand in their repositories.</summary>
public sealed class RecordedChecklistTests
{
    [Theory]
    [InlineData("api-security-checklist.md", ChecklistFormat.Markdown, "API Security Checklist", 64)]
    [InlineData("front-end-checklist.md", ChecklistFormat.Markdown, "🗂 Front-End Checklist", 100)]
    [InlineData("mercari_pre-production-checklist.md", ChecklistFormat.Markdown, "Pre-production Checklist", 74)]
    [InlineData("azure_apim_checklist.en.json", ChecklistFormat.Azure, "Azure API Management Review", 44)]
    [InlineData("azure_multitenancy_checklist.en.json", ChecklistFormat.Azure, "Multitenant architecture", 32)]
    [InlineData("azure_redis_checklist.en.json", ChecklistFormat.Azure, "Redis Resiliency checklist", 4)]
    [InlineData("vsaq_physical_and_datacenter.json", ChecklistFormat.Vsaq, "Physical & Data Center Security Questionnaire", 30)]
    [InlineData("vsaq_test_template.json", ChecklistFormat.Vsaq, "My questionnaire", 3)]
    [InlineData("owasp_asvs_5.0_en.csv", ChecklistFormat.AsvsCsv, "OWASP Application Security Verification Standard", 345)]
    public void They_import_with_title_and_every_item(string file, ChecklistFormat format, string title, int items)
    {
        var list = ChecklistFile.Read(Bytes(file), null, file);

        Assert.Equal((format, title, items), (list.Format, list.Draft.Title, list.Items));
        var texts = list.Draft.Checked().Items.SelectMany(i => new[] { i.Question, i.Why, i.Good }).ToList();
        if (format is ChecklistFormat.Markdown or ChecklistFormat.Vsaq)
        {
            Assert.DoesNotContain(texts, t => t.Contains("**", StringComparison.Ordinal) || t.Contains("](", StringComparison.Ordinal) || t.Contains("<b>", StringComparison.Ordinal) || t.Contains("_img]", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_condition_of_the_questionnaire_is_understood()
    {
        var list = ChecklistFile.Read(Bytes("vsaq_physical_and_datacenter.json"), null, null);
        Assert.Empty(list.Notes);
        Assert.Equal(23, list.Draft.Sections.SelectMany(s => s.Items).Count(i => i.ShownWhen is not null));
    }

    [Fact]
    public void A_design_document_holds_no_item()
    {
        var refused = Assert.Throws<FieldsRefused>(() => ChecklistFile.Read(Bytes("mercari_design-doc-template.md"), null, null));
        Assert.Contains("holds no item", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_recorded_API_description_or_mail_is_taken_for_a_checklist()
    {
        var root = RealData.Folder("openapi");
        Assert.SkipWhen(root is null, RealData.Missing);
        var files = Directory.EnumerateFiles(root!, "*", SearchOption.AllDirectories)
            .Concat(RealData.Folder("alerts/mail") is { } mails ? Directory.EnumerateFiles(mails, "*", SearchOption.AllDirectories) : [])
            .Where(f => new FileInfo(f).Length < ChecklistFile.MostBytes).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Throws<FieldsRefused>(() => ChecklistFile.Read(File.ReadAllBytes(f), null, Path.GetFileName(f))));
    }

    private static byte[] Bytes(string file)
    {
        var folder = RealData.Folder("checklists");
        Assert.SkipWhen(folder is null, RealData.Missing);
        return File.ReadAllBytes(Path.Combine(folder!, file));
    }
}
