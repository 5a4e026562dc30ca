using PartnerPortal.Domain.Runbooks;
using PartnerPortal.Web.Runbooks;

namespace PartnerPortal.ComponentTests.Runbooks;

/// <summary>Real runbooks become runs: every one has steps, and nothing of its words is lost.</summary>
public sealed class RunbookFreezingTests
{
    [Fact]
    public void Every_collected_runbook_can_be_followed_and_loses_no_line()
    {
        Assert.SkipWhen(Realdata.Runbooks is null, Realdata.Absent);
        foreach (var path in Directory.GetFiles(Realdata.Runbooks!, "*.md"))
        {
            var draft = RunbookFile.Read(path, File.ReadAllBytes(path)).Draft!;
            var run = RunbookRun.Start(Guid.NewGuid(), Runbook.Enter(Guid.NewGuid(), draft, "ana", DateTimeOffset.UnixEpoch), "ana", DateTimeOffset.UnixEpoch);

            Assert.NotEmpty(run.Steps);
            Assert.Equal(run.Steps.Count, run.Steps.Select(s => s.Key).Distinct().Count());
            var kept = string.Concat(run.Steps.Select(s => $"{s.Section} {s.Title} {s.Body} "));
            var text = draft.Text!.StartsWith("---", StringComparison.Ordinal) ? draft.Text[(draft.Text.IndexOf("\n---", 3, StringComparison.Ordinal) + 4)..] : draft.Text;
            Assert.All(Words(text).Where(w => w.Length > 3), word => Assert.True(kept.Contains(word, StringComparison.Ordinal) || draft.Title!.Contains(word, StringComparison.Ordinal), $"{Path.GetFileName(path)}: “{word}” is lost."));
            Assert.All(run.Steps, s => Assert.DoesNotContain("<script", RunbookHtml.Render(s.Body, apart: true).Html, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static string[] Words(string text) => text.Split([.. text.Where(c => !char.IsLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
}
