package com.modern;

public sealed interface Account permits Account.Private, Account.Company {
    record Private(String owner) implements Account {
    }

    final class Company implements Account {
        String 名称;
    }
}
