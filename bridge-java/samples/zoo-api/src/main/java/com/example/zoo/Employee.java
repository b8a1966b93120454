package com.example.zoo;

import java.util.List;

/** Inherits fields, and names others of its class. */
public class Employee extends Person {
    private static final long serialVersionUID = 1L;

    private long staffNo;
    private Person boss;
    private List<Person> team;

    public long getStaffNo() {
        return staffNo;
    }

    public void setStaffNo(long staffNo) {
        this.staffNo = staffNo;
    }

    public Person getBoss() {
        return boss;
    }

    public void setBoss(Person boss) {
        this.boss = boss;
    }

    public List<Person> getTeam() {
        return team;
    }

    public void setTeam(List<Person> team) {
        this.team = team;
    }
}
