using PartnerPortal.Domain;
using PartnerPortal.Domain.Runbooks;

namespace PartnerPortal.UnitTests.Runbooks;

public sealed class RunbookTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Tunes = Guid.CreateVersion7(Monday);

    private static Runbook Outage() =>
        Runbook.Enter(Tunes, new RunbookDraft(Text: "# Catalogue down\n\n- [ ] Call the desk\n- [ ] Switch to the mirror\n"), "ana@example.com", Monday);

    [Fact]
    public void A_new_runbook_takes_its_title_and_slug_from_the_first_heading()
    {
        var runbook = Outage();

        Assert.Equal(("Catalogue down", "catalogue-down", 1, 2), (runbook.Title, runbook.Slug, runbook.Number, runbook.Steps));
        Assert.Equal(runbook.Text, Assert.Single(runbook.Versions).Text);
    }

    [Fact]
    public void Every_save_makes_a_version_that_names_who_and_what_changed()
    {
        var runbook = Outage();

        Assert.True(runbook.Write(new RunbookDraft(Text: "# Catalogue down\n\nCall first.", Note: "shorter"), "li@example.com", Monday.AddHours(1)));

        var version = runbook.Versions[^1];
        Assert.Equal((2, "shorter", "li@example.com"), (version.Number, version.Note, version.By));
        Assert.Equal(0, runbook.Steps);
    }

    [Fact]
    public void Saving_the_same_text_makes_no_version()
    {
        var runbook = Outage();

        Assert.False(runbook.Write(new RunbookDraft(Text: runbook.Text.Replace("\n", "\r\n", StringComparison.Ordinal)), "li@example.com", Monday));
        Assert.Equal(1, runbook.Number);
    }

    [Fact]
    public void A_text_without_a_heading_keeps_the_title_it_had()
    {
        var runbook = Outage();

        runbook.Write(new RunbookDraft(Text: "Call first."), "li@example.com", Monday);

        Assert.Equal("Catalogue down", runbook.Title);
    }

    [Fact]
    public void A_text_without_a_heading_needs_a_title_when_it_is_new()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Runbook.Enter(Tunes, new RunbookDraft(Text: "Call first."), "ana@example.com", Monday));

        Assert.Equal(["Enter a title, or begin the text with a heading."], refused.Errors["title"]);
    }

    [Fact]
    public void Restoring_an_old_version_adds_a_version_and_keeps_those_between()
    {
        var runbook = Outage();
        var first = runbook.Versions[0];
        runbook.Write(new RunbookDraft(Text: "# Catalogue down\n\nWrong."), "li@example.com", Monday);

        runbook.Restore(first, "ana@example.com", Monday.AddDays(1));

        Assert.Equal([1, 2, 3], runbook.Versions.Select(v => v.Number));
        Assert.Equal((first.Text, "Version 1 restored"), (runbook.Text, runbook.Versions[2].Note));
    }

    [Fact]
    public void Only_the_version_that_was_read_can_be_confirmed()
    {
        var runbook = Outage();
        runbook.Write(new RunbookDraft(Text: "# Catalogue down\n\nOther."), "li@example.com", Monday);

        Assert.Throws<RuleBroken>(() => runbook.Verify(1, "ana@example.com", Monday));
        runbook.Verify(2, "ana@example.com", Monday);

        Assert.Equal((new DateOnly(2026, 11, 23), "ana@example.com", 2), (runbook.VerifiedOn, runbook.VerifiedBy, runbook.VerifiedNumber));
    }

    [Theory]
    [InlineData(180, false)]
    [InlineData(181, true)]
    public void It_is_stale_more_than_180_days_after_it_was_confirmed(int days, bool stale) =>
        Assert.Equal(stale, Runbook.IsStale(DateOnly.FromDateTime(Monday.UtcDateTime), Monday.AddDays(days)));

    [Fact]
    public void What_nobody_confirmed_is_stale() => Assert.True(Runbook.IsStale(null, Monday));

    [Fact]
    public void An_archived_runbook_cannot_be_changed_until_it_is_brought_back()
    {
        var runbook = Outage();
        runbook.Archive(Monday);

        Assert.Throws<RuleBroken>(() => runbook.Write(new RunbookDraft(Text: "# X"), "li@example.com", Monday));
        runbook.Unarchive();

        Assert.True(runbook.Write(new RunbookDraft(Text: "# X"), "li@example.com", Monday));
    }

    [Fact]
    public void Text_that_is_no_text_is_refused_by_name()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Outage().Write(new RunbookDraft(Text: "a\0b"), "li@example.com", Monday));

        Assert.Contains("text", refused.Errors.Keys);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_with_the_limit()
    {
        var refused = Assert.Throws<FieldsRefused>(() => Outage().Write(new RunbookDraft(Text: new string('a', Runbook.LongestText + 1)), "li@example.com", Monday));

        Assert.Contains("400000", Assert.Single(refused.Errors["text"]), StringComparison.Ordinal);
    }
}
