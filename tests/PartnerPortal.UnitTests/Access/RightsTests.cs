using PartnerPortal.Domain.Access;

namespace PartnerPortal.UnitTests.Access;

public sealed class RightsTests
{
    // The rights table as people read it; columns: guest, viewer, engineer, operator, manager, administrator.
    [Theory]
    [InlineData(Right.SignedIn, "++++++")]
    [InlineData(Right.AnswerOwnItems, "+-++++")]
    [InlineData(Right.Read, "-+++++")]
    [InlineData(Right.Edit, "--++++")]
    [InlineData(Right.AnswerReviews, "--++++")]
    [InlineData(Right.ConcludeReviews, "--+--+")]
    [InlineData(Right.Respond, "--++++")]
    [InlineData(Right.EditPolicies, "--++++")]
    [InlineData(Right.RequestMoves, "--++++")]
    [InlineData(Right.MoveStages, "----++")]
    [InlineData(Right.Administer, "-----+")]
    public void Every_right_belongs_to_the_roles_of_the_table(Right right, string roles) =>
        Assert.Equal(roles, string.Concat(Enum.GetValues<Role>().Select(r => Rights.Has(r, right) ? '+' : '-')));

    [Fact]
    public void No_right_was_forgotten_in_the_table_above()
    {
        var tested = typeof(RightsTests).GetMethod(nameof(Every_right_belongs_to_the_roles_of_the_table))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (Right)(int)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(Enum.GetValues<Right>().Order(), tested.Order());
    }

    [Fact]
    public void A_token_does_only_what_both_its_scopes_and_its_owner_may()
    {
        var engineer = new Actor(Guid.NewGuid(), "ana@example.com", Role.Engineer, "api", null, [Scope.Read, Scope.Administer]);
        Assert.True(engineer.May(Right.SignedIn));
        Assert.True(engineer.May(Right.Read));
        Assert.False(engineer.May(Right.Edit));
        Assert.False(engineer.May(Right.Administer));
    }

    [Fact]
    public void A_refusal_says_which_scope_or_which_role_is_missing()
    {
        var viewer = new Actor(Guid.NewGuid(), "vi@example.com", Role.Viewer);
        Assert.Equal("The role viewer may not do this. Ask somebody with the role manager or administrator.",
            Assert.Throws<NotAllowed>(() => viewer.Need(Right.MoveStages)).Message);
        var token = new Actor(Guid.NewGuid(), "ana@example.com", Role.Manager, "api", null, [Scope.Read]);
        Assert.Contains("scope write", Assert.Throws<NotAllowed>(() => token.Need(Right.MoveStages)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_right_but_signing_in_falls_under_one_scope()
    {
        Assert.Null(Scopes.Of(Right.SignedIn));
        Assert.All(Enum.GetValues<Right>().Skip(1), right => Assert.NotNull(Scopes.Of(right)));
    }

    [Fact]
    public void Groups_give_the_highest_role_and_strangers_none()
    {
        var groups = new GroupRoles(new Dictionary<string, Role> { ["ops"] = Role.Operator, ["leads"] = Role.Manager, ["all"] = Role.Viewer });
        Assert.Equal(Role.Manager, groups.For(["all", "leads", "ops"]));
        Assert.Equal(Role.Viewer, groups.For(["all", "others"]));
        Assert.Null(groups.For(["Leads"]));
        Assert.Equal(Role.Viewer, new GroupRoles(new Dictionary<string, Role>()).For([]));
    }
}
